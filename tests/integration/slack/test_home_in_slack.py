"""App Home with the real Bolt over a real workspace: opened, pressed, and brought up to date."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.follow_up import ScheduledFollowUp
from bot.sandbox.json_values import JsonObject, as_list, as_object, as_text, objects_in
from bot.sandbox.server import RunningWorkspace
from bot.sandbox.settings import LOCAL_APP
from bot.slack import action_ids as ids
from bot.slack.identity import Identity
from bot.store.store import Store
from handlers.answers import Answers
from handlers.bolt import bolt_app
from tests.e2e.workspace import Person, signed_in
from tests.e2e.workspace_state import plain_text_of
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.ledger import as_plan, ledger, manual, scripted
from tests.integration.trial import Trial, joined
from tests.unit.slack.judges import buttons_of

SAM, KIM = "U0ONCALL", "U0SECOND"
ROLES = {"operator": {"users": [SAM, KIM]}, "data": {"users": ["U0DATA"]}}


@dataclass(frozen=True)
class Served:
    """The product behind a real Bolt in a real workspace."""

    trial: Trial
    answers: Answers

    async def pressed(
        self, person: Person, action_id: str, *, on: JsonObject, value: str | None = None
    ) -> None:
        """Press a button of a Home, and wait until all that follows is told."""
        receipt = await person.press(on, action_id=action_id, value=value)
        assert receipt["acknowledged"] is True, receipt
        await self.answers.settled()


@pytest.fixture
async def served(
    store: Store,
    clock: FakeClock,
    jobs: FakeJobs,
    tmp_path: Path,
    client: AsyncWebClient,
) -> AsyncIterator[Served]:
    """The ledger, connected by Socket Mode."""
    playbook, answers = ledger(tmp_path, roles=ROLES), Answers()
    async with joined(store=store, clock=clock, jobs=jobs, folder=tmp_path, playbook=playbook) as trial:
        app = bolt_app(
            services=trial.services,
            client=client,
            authorize=Identity(client=client).authorize,
            signing_secret=None,
            answers=answers,
        )
        handler = AsyncSocketModeHandler(app, LOCAL_APP)
        await handler.connect_async()
        try:
            yield Served(trial, answers)
        finally:
            await answers.settled()
            await handler.close_async()


@pytest.fixture
async def sam(workspace: RunningWorkspace) -> AsyncIterator[Person]:
    async with signed_in(workspace.url, SAM) as person:
        yield person


async def home_of(person: Person, fits: Callable[[str], bool]) -> JsonObject:
    """A person's Home as soon as it reads so."""
    async with asyncio.timeout(5):
        while True:
            home = as_object((await person.state())["home"])
            if home and fits(plain_text_of(home)):
                return home


def pressable(home: JsonObject) -> list[str]:
    blocks = objects_in(as_list(home["blocks"]))
    return [as_text(button["action_id"]) for button in buttons_of(blocks)]


async def test_who_opens_home_sees_what_waits_and_every_migration(served: Served, sam: Person) -> None:
    await sam.open_home()
    home = await home_of(sam, lambda text: "Nothing waits for you" in text)
    assert "*ledger* · parallel · ❔ never reconciled" in plain_text_of(home)
    assert pressable(home) == [ids.HOME_REFRESH]


async def test_a_step_by_hand_is_done_from_home_which_shows_it_at_once(served: Served, sam: Person) -> None:
    await served.trial.started(as_plan(manual("look"), scripted("stop")))
    await served.trial.work()
    await sam.open_home()
    home = await home_of(sam, lambda text: "1 thing waits for you" in text)
    done = f"{ids.STEP}:manual-done"
    assert done in pressable(home)
    await served.pressed(sam, done, on=home)
    assert (await served.trial.run()).state("look").status == "done"
    assert "Nothing waits for you" in plain_text_of((await sam.state())["home"])


async def test_a_press_in_an_old_home_is_refused_on_top_of_the_present_one(
    served: Served, sam: Person
) -> None:
    await served.trial.started(as_plan(manual("look"), scripted("stop")))
    await served.trial.work()
    await sam.open_home()
    home = await home_of(sam, lambda text: "1 thing waits for you" in text)
    button = buttons_of(objects_in(as_list(home["blocks"])))[0]
    await served.pressed(sam, f"{ids.STEP}:manual-done", on=home)
    await served.pressed(sam, f"{ids.STEP}:manual-done", on=home, value=as_text(button["value"]))
    shown = plain_text_of((await sam.state())["home"])
    assert shown.startswith("⚠️ ")
    assert "Nothing waits for you" in shown
    assert sam.notices() == []


async def test_refresh_shows_what_has_come_since(served: Served, sam: Person) -> None:
    await sam.open_home()
    home = await home_of(sam, lambda text: "Nothing waits for you" in text)
    await served.trial.started(as_plan(manual("look")))
    await served.trial.work()
    await served.pressed(sam, ids.HOME_REFRESH, on=home)
    assert "1 thing waits for you" in plain_text_of((await sam.state())["home"])


async def test_a_modal_that_was_opened_from_home_brings_it_up_to_date_when_it_is_submitted(
    served: Served, sam: Person, clock: FakeClock
) -> None:
    trial = served.trial
    await trial.started(as_plan(scripted("stop")))
    async with trial.store.transaction() as tx:
        (run,) = await tx.runs.active()
        follow_up = ScheduledFollowUp(
            id="follow-up-1",
            incident=run.incident,
            run=run.id,
            migration="ledger",
            name="cause",
            title="Find the cause",
            owner="operator",
            due=clock.now(),
        )
        await tx.follow_ups.add(follow_up)
    await sam.open_home()
    home = await home_of(sam, lambda text: "Find the cause" in text)
    await sam.press(home, action_id=ids.FOLLOW_UP_MOVE)
    modal = await sam.wait_for_view(lambda view: view["callback_id"] == ids.FOLLOW_UP_MOVE_MODAL)
    before = as_object((await sam.state())["home"])["hash"]
    await sam.submit(modal, {"by": "1d", "reason": "The vendor is away"})
    await served.answers.settled()
    after = as_object((await sam.state())["home"])
    assert after["hash"] != before
    async with trial.store.reading() as tx:
        moved = await tx.follow_ups.get("follow-up-1")
    assert f"<!date^{int(moved.due.timestamp())}^" in plain_text_of(after)


async def test_nobody_else_is_shown_a_home_for_a_press_in_a_channel(
    served: Served, sam: Person, workspace: RunningWorkspace
) -> None:
    async with signed_in(workspace.url, KIM) as kim:
        await sam.open_home()
        await home_of(sam, lambda text: "Nothing waits for you" in text)
        assert as_object((await kim.state())["home"]) == {}
