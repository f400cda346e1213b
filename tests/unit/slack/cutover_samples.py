"""Messages and modals of the cutover's day and of phases, filled with any text."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.domain.cutover import PlannedCutover
from bot.domain.follow_up import ScheduledFollowUp
from bot.domain.gates.board import CriterionResult
from bot.domain.messages.cutover import CutoverFacts
from bot.domain.messages.facts import Facts
from bot.domain.messages.phase import ComingDate, LeavingLine, PhaseFacts
from bot.domain.messages.run import run_facts
from bot.domain.person import Actor
from bot.domain.playbook.plans import Plan
from bot.domain.run import Run
from tests.unit.domain.ledger import NOW, after, plan_of, run_of, step

NAME_OF_60 = "a" * 60
DAY = date(2026, 3, 21)
_ITEMS = 30


def planned(text: str, **changes: object) -> PlannedCutover:
    """A cutover before its day."""
    one = PlannedCutover(
        id="walk",
        incident="incident",
        migration=NAME_OF_60,
        day=DAY,
        zone="Europe/Berlin",
        asked_by=Actor("U1", text),
    )
    return one.model_copy(update=changes)


def item(text: str, **changes: object) -> ScheduledFollowUp:
    """An item of its checklist."""
    one = ScheduledFollowUp(
        id="item",
        incident="incident",
        decision="decision",
        kind="checklist",
        migration=NAME_OF_60,
        name="notify",
        title=text,
        owner=NAME_OF_60,
        due=NOW,
    )
    return one.model_copy(update=changes)


def cutover(text: str, *, items: int = 2, **changes: object) -> CutoverFacts:
    """Its message."""
    done = item(text, status="done", changed_by=Actor("U2", text), changed_at=NOW)
    return CutoverFacts(
        cutover=planned(text, **changes),
        title=text,
        plan=text,
        checklist=(done, *[item(text)] * (items - 1)),
        members=f"@{text}",
        at=NOW,
    )


def day_run(text: str, **changes: object) -> Run:
    """The run of a cutover that waits for eight o'clock."""
    named = [{**one, "title": text} for one in (step("sync", "manual", **{"with": {"instructions": text}}),)]
    wait = {**step("at-eight", "wait-until", **{"with": {"at": "08:00"}}), "title": text}
    made = plan_of([wait, *named])
    plan = Plan.model_validate({**made, "title": text})
    due = after(8 * 3600)
    waiting = {"status": "waiting", "attempt": 1, "started_at": NOW, "due": due}
    run = run_of(waiting, plan=plan).model_copy(
        update={
            "migration": NAME_OF_60,
            "purpose": "cutover",
            "status": "waiting",
            "day": NOW.date(),
            "back": "back",
            "no_return": "sync",
            "fallbacks": {"back": plan},
        }
    )
    return run.model_copy(update=changes)


def _told(run: Run) -> Facts:
    return run_facts(run, now=after(147))


def phase_facts(text: str, *, leaving: int = 20, **changes: object) -> PhaseFacts:
    """Where a migration is."""
    result = CriterionResult(
        id="check-accounts", kind="check", title=text, owner="data", state="expired", reason=text, how=text
    )
    facts = PhaseFacts(
        migration=NAME_OF_60,
        title=text,
        phase=NAME_OF_60,
        named=text,
        phase_kind="parallel",
        since=NOW,
        day=3,
        days=28,
        ends=NOW + timedelta(days=28),
        allows=(text,) * 10,
        rollback=text,
        next_phase=text,
        decided_by=NAME_OF_60,
        leaving=(*[LeavingLine(target=text, actual=result)] * (leaving - 1), LeavingLine(target=text)),
        problem=text,
        dates=(ComingDate(at=NOW, what=text),) * 40,
        countdown=text,
        at=NOW,
    )
    return facts.model_copy(update=changes)


CUTOVERS: Mapping[str, Callable[[str], Facts]] = {
    "cutover planned": cutover,
    "cutover with 30 items": lambda text: cutover(text, items=_ITEMS),
    "cutover stopped": lambda text: cutover(
        text, status="asking", stopped_by=(text,) * 20, unsettled=(text,) * _ITEMS
    ),
    "cutover unsettled": lambda text: cutover(text, status="asking", unsettled=(text,)),
    "cutover called off": lambda text: cutover(
        text, status="called-off", changed_by=Actor("U2", text), reason=text
    ),
    "cutover waiting": lambda text: _told(day_run(text)),
    "cutover past its point of no return": lambda text: _told(day_run(text, no_return="at-eight")),
    "cutover giving way": lambda text: _told(
        day_run(text, replaced_by="other", ended_by=Actor("U2", text), status="running")
    ),
    "run queued": lambda text: _told(day_run(text, status="queued", purpose="rollback", back="")),
}
