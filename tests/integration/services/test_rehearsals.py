"""A rehearsal: a real run in staging, its data compared, its record and who signs it."""

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError
from bot.domain.person import Actor
from bot.domain.rehearsal import Rehearsed
from bot.domain.rehearsal_evidence import evidence
from bot.ports.outcome import Outcome
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.ledger import ANA, EVE, KIM, SAM, Document, ledger, manual, message, plan, scripted
from tests.integration.trial import Trial, joined

TERMINAL = Actor("terminal:sam", "sam (terminal)")
TICKET: Document = {"id": "ticket", "title": "Ticket", "pattern": "[A-Z]+-[0-9]+"}
REHEARSAL: Document = {
    "environment": "staging",
    "compare": [
        {"id": "books", "title": "Books", "url": "sqlite:///{environment.file}", "tables": ["postings"]}
    ],
    "within": "1m",
    "sign_off": ["operator", "data"],
}


def playbook(**rehearsal: object) -> Document:
    """What is changed in the ledger's playbook: staging, a plan with an input, rehearsals."""
    return {
        "environments": {
            "production": {"host": "ledger.example", "file": "no.db"},
            "staging": {"host": "staging.example", "file": "staging.db"},
        },
        "plans": {
            "immediate": {
                **plan(there("stop"), message("tell", "Closed by {input.ticket}")),
                "inputs": [TICKET],
            },
            "again": plan(there("start"), title="Forward again"),
            "careful": plan(manual("look"), there("stop"), title="Careful"),
        },
        "rehearsal": {**REHEARSAL, **rehearsal},
    }


def there(does: str) -> Document:
    """A scripted step that acts on the environment's host."""
    value = {"value": f"{does} on {{environment.host}}", "idempotent": False}
    return {**scripted(does), "with": value}


def change(folder: Path, statement: str) -> None:
    """Change the data of staging."""
    with sqlite3.connect(folder / "staging.db") as connection:
        connection.execute(statement)
    connection.close()


@pytest.fixture
def steps() -> Document:
    return playbook()


@pytest.fixture
async def rehearsed(
    store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path, steps: Document
) -> AsyncIterator[Trial]:
    """A trial whose ledger is rehearsed in staging, with a database there."""
    change(tmp_path, "CREATE TABLE postings (id INTEGER, amount TEXT)")
    change(tmp_path, "INSERT INTO postings VALUES (1, '10.00'), (2, '20.00')")
    loaded = ledger(tmp_path, **steps)
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=loaded) as trial:
        yield trial


async def started(trial: Trial, *, forward: str | None = None, plan_id: str = "immediate") -> Rehearsed:
    """A rehearsal that has begun, with the ticket typed where it is asked for."""
    rehearsals = trial.services.rehearsals
    seen = await rehearsals.preview("ledger", plan_id=plan_id, forward=forward, actor=SAM)
    typed = {one.id: "ABC-1" for one in seen.inputs}
    return await rehearsals.start(replace(seen.bound, inputs=typed), actor=SAM)


async def record(trial: Trial, one: Rehearsed) -> Rehearsed:
    return await trial.services.signatures.get(one.id)


async def test_a_rehearsal_runs_for_real_in_staging_and_says_so_in_every_line(rehearsed: Trial) -> None:
    one = await started(rehearsed)
    assert rehearsed.action.acts == []
    await rehearsed.work()
    assert rehearsed.action.acts == ["stop on staging.example"]
    run = await rehearsed.run(one.back)
    assert (run.environment, run.rehearsal, run.inputs) == ("staging", one.id, {"ticket": "ABC-1"})
    told = await rehearsed.timeline(one.incident)
    assert [line.text for line in told if not line.text.startswith("Rehearsal in staging: ")] == []
    assert [row.facts["text"] for row in await rehearsed.messages("plain") if row.channel == "#ledger"] == [
        "Rehearsal in staging: Closed by ABC-1"
    ]
    done = await record(rehearsed, one)
    found = evidence(done, now=rehearsed.clock.now())
    assert (done.status, found.holds, found.within, found.data_preserved) == ("ended", True, True, True)
    assert [state.rows for state in done.before] == [state.rows for state in done.after] == [2]
    assert not await rehearsed.incident_is_open(one.incident)


async def test_a_rehearsal_is_no_rollback_of_production(rehearsed: Trial) -> None:
    await started(rehearsed, plan_id="careful")
    await rehearsed.work()
    (status,) = await rehearsed.services.status.all()
    assert (status.run, status.walk) == (None, None)
    assert status.rehearsal is not None
    walk = await rehearsed.services.walks.open("ledger", actor=KIM)
    assert walk.environment == "production"


@pytest.mark.parametrize("steps", [playbook(forward="again")])
async def test_after_the_way_back_it_goes_forward_again_and_the_data_is_compared_twice(
    rehearsed: Trial,
) -> None:
    one = await started(rehearsed)
    await rehearsed.work()
    assert rehearsed.action.acts == ["stop on staging.example", "start on staging.example"]
    done = await record(rehearsed, one)
    assert [run.plan_id for run in done.runs] == ["immediate", "again"]
    assert [len(states) for states in (done.before, done.after, done.after_forward)] == [1, 1, 1]
    assert evidence(done, now=rehearsed.clock.now()).holds


async def test_data_that_is_lost_in_it_is_shown_per_table_and_it_is_no_evidence(rehearsed: Trial) -> None:
    async def lose(_value: str) -> None:
        change(rehearsed.folder, "DELETE FROM postings WHERE id = 1")

    rehearsed.action.during = lose
    one = await started(rehearsed)
    await rehearsed.work()
    found = evidence(await record(rehearsed, one), now=rehearsed.clock.now())
    assert (found.holds, found.passed, found.data_preserved) == (False, True, False)
    assert found.reasons == ("books.postings: 2 rows before, 1 after",)
    told = [line.text for line in await rehearsed.timeline(one.incident)]
    assert "Rehearsal in staging: ❌ books.postings: 2 rows before, 1 after" in told


async def test_when_the_data_cannot_be_read_nothing_is_done(rehearsed: Trial) -> None:
    (rehearsed.folder / "staging.db").unlink()
    one = await started(rehearsed)
    await rehearsed.work()
    done = await record(rehearsed, one)
    assert "the data could not be read, and nothing was done" in done.problem
    assert rehearsed.action.acts == []
    assert (await started(rehearsed)).id != one.id


async def test_a_rehearsal_that_is_aborted_is_over_and_no_evidence(rehearsed: Trial) -> None:
    rehearsed.action.outcomes["stop on staging.example"].append(Outcome("failed", "no such unit"))
    one = await started(rehearsed)
    await rehearsed.work()
    await rehearsed.services.steering.note(one.back, text="The unit has another name there", actor=KIM)
    await rehearsed.services.steering.abort(one.back, reason="wrong name", actor=KIM)
    done = await record(rehearsed, one)
    assert (done.status, done.problem) == ("ended", "plan immediate was aborted: wrong name")
    assert [issue.text for issue in done.issues] == ["The unit has another name there"]
    assert not evidence(done, now=rehearsed.clock.now()).holds


async def test_a_step_that_was_skipped_is_no_evidence(rehearsed: Trial) -> None:
    one = await started(rehearsed, plan_id="careful")
    await rehearsed.work()
    await rehearsed.services.steering.decide(
        one.back, step="look", attempt=1, decision="skip", reason="nobody there", actor=SAM
    )
    await rehearsed.work()
    found = evidence(await record(rehearsed, one), now=rehearsed.clock.now())
    assert found.reasons == ("step “By hand: look” of plan careful: skipped",)


async def test_one_rehearsal_goes_on_at_a_time(rehearsed: Trial) -> None:
    await started(rehearsed)
    before = await rehearsed.counts()
    with pytest.raises(SupersededError, match="A rehearsal of ledger is going on in staging already"):
        await started(rehearsed)
    after = await rehearsed.counts()
    assert (after["rehearsals"], after["incidents"]) == (before["rehearsals"], before["incidents"]) == (1, 1)


async def test_production_is_never_rehearsed_in_nor_by_somebody_without_the_role(rehearsed: Trial) -> None:
    rehearsals = rehearsed.services.rehearsals
    with pytest.raises(RefusedError, match="A rehearsal is never in production"):
        await rehearsals.preview("ledger", plan_id=None, environment="production", actor=SAM)
    for actor in (ANA, EVE):
        with pytest.raises(NotAllowedError):
            await rehearsals.preview("ledger", plan_id=None, actor=actor)
    assert rehearsed.action.previewed == []


async def test_what_is_started_is_what_was_previewed(rehearsed: Trial) -> None:
    rehearsals = rehearsed.services.rehearsals
    seen = await rehearsals.preview("ledger", plan_id="immediate", actor=SAM)
    with pytest.raises(RefusedError, match="does not belong to the preview"):
        await rehearsals.start(replace(seen.bound, back_digest="0" * 64), actor=SAM)
    with pytest.raises(RefusedError, match="Ticket is a text like") as refused:
        await rehearsals.start(replace(seen.bound, inputs={"ticket": "abc; rm"}), actor=SAM)
    assert refused.value.field == "input:ticket"
    rehearsed.clock.advance(minutes=10)
    with pytest.raises(RefusedError, match="older than 10 minutes"):
        await rehearsals.start(replace(seen.bound, inputs={"ticket": "ABC-1"}), actor=SAM)
    assert (await rehearsed.counts())["rehearsals"] == 0


async def test_each_role_signs_once_by_a_person_of_its_own_and_never_at_the_terminal(
    rehearsed: Trial,
) -> None:
    signatures = rehearsed.services.signatures
    one = await started(rehearsed)
    with pytest.raises(RefusedError, match="It is still going on"):
        await signatures.sign(one.id, role="operator", comment="", actor=SAM)
    await rehearsed.work()
    with pytest.raises(NotAllowedError, match="at the terminal"):
        await signatures.sign(one.id, role="operator", comment="", actor=TERMINAL)
    with pytest.raises(NotAllowedError):
        await signatures.sign(one.id, role="data", comment="", actor=SAM)
    await signatures.sign(one.id, role="operator", comment="Fine", actor=SAM)
    with pytest.raises(SupersededError, match="Sam signed as operator already"):
        await signatures.sign(one.id, role="operator", comment="", actor=KIM)
    rehearsed.roles.groups["ledger-data"] = {SAM.id, ANA.id}
    with pytest.raises(RefusedError, match="You signed as operator already"):
        await signatures.sign(one.id, role="data", comment="", actor=SAM)
    done = await signatures.sign(one.id, role="data", comment="", actor=ANA)
    assert [(each.role, each.by, each.comment) for each in done.signed] == [
        ("operator", SAM, "Fine"),
        ("data", ANA, ""),
    ]
    assert evidence(done, now=rehearsed.clock.now(), signed=True).holds
    kinds = [kind for kind, _ in await rehearsed.audited()]
    assert kinds.count("rehearsal.signed") == 2


async def test_a_rehearsal_whose_bot_died_goes_on_where_it_was(rehearsed: Trial) -> None:
    one = await started(rehearsed)
    advance = rehearsed.functions["rehearse"]
    for _ in range(2):
        await advance(rehearsal_id=one.id, status="before")
    await rehearsed.work()
    await advance(rehearsal_id=one.id, status="compare")
    assert rehearsed.action.acts == ["stop on staging.example"]
    assert (await record(rehearsed, one)).status == "ended"


async def test_a_playbook_without_rehearsals_says_what_to_add(trial: Trial) -> None:
    with pytest.raises(RefusedError, match="says nothing of rehearsals"):
        await trial.services.rehearsals.preview("ledger", plan_id=None, actor=SAM)
