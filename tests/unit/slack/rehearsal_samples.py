"""The record of a rehearsal, filled with any text."""

from bot.domain.messages.rehearsal import RehearsalFacts
from bot.domain.person import Actor
from bot.domain.rehearsal import Issue, Rehearsed, RehearsedRun, RehearsedStep, SignOff
from bot.domain.table_state import TableState
from tests.unit.domain.ledger import NOW

NAME_OF_60 = "a" * 60


def rehearsal(text: str, *, over: bool = True, broken: bool = False) -> RehearsalFacts:
    """A rehearsal that went well, or in which all that can be wrong is."""
    state = TableState(compare=NAME_OF_60, table="a" * 130, rows=3, digest="d" * 64)
    other = state.model_copy(update={"rows": 4})
    steps = tuple(
        RehearsedStep(step="s", title=text, status="failed" if broken else "done", seconds=1, summary=text)
        for _ in range(40)
    )
    run = RehearsedRun(run="run", plan_id=NAME_OF_60, status="done", seconds=61, steps=steps)
    person = Actor("U1", text)
    record = Rehearsed(
        id="walk",
        incident="incident",
        migration=NAME_OF_60,
        title=text,
        environment=NAME_OF_60,
        plan_id=NAME_OF_60,
        playbook_digest="d" * 64,
        within_seconds=60,
        back="back",
        inputs={},
        compared=True,
        sign_off=("a" * 60, "b" * 60, "c" * 60),
        status="ended" if over else "back",
        started_by=person,
        started_at=NOW,
        ended_at=NOW if over else None,
        before=(state,) * 50,
        after=((other if broken else state),) * 50 if over else (),
        runs=(run, run) if over else (),
        issues=(Issue(by=person, at=NOW, text=text),) * 30 if broken else (),
        signed=(SignOff(role="a" * 60, by=person, at=NOW, comment=text),) if over else (),
    )
    return RehearsalFacts(rehearsal=record, at=NOW)
