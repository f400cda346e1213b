"""The club's plans, step by step through the real adapters, on the club's real parts."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from bot.domain.playbook.plans import Step
from bot.engine.registry import ActionRegistry
from bot.ports.action import Action, ActionContext, Parameters
from bot.ports.outcome import Outcome, Preview
from examples.clubos.switches import Access, Authority, Writes
from tests.integration.clubos.playbook import clubos
from tests.integration.clubos.test_services import World, data, posted, world
from tests.integration.reconcile.test_reconciler import no_setting

__all__ = ["data", "world"]

# What the interpreter itself does, and the export, which has tests of its own.
ELSEWHERE = ("message", "manual", "wait-until", "export-since")


def acting_steps(plan: str, world: World) -> Iterator[Step]:
    ports = {8731: world.legacy.port, 8732: world.new.port}
    playbook = clubos(ports={old: new for old, new in ports.items() if new is not None})
    for step in playbook.in_environment(playbook.plans[plan], "production").steps:
        if step.uses not in ELSEWHERE:
            yield step


async def done(step: Step, world: World, session: aiohttp.ClientSession) -> tuple[Preview, Outcome]:
    context = ActionContext(
        run_id="01RUN",
        step_id=step.id,
        nonce="n",
        folder=world.data.parent,
        seconds=step.limit_seconds,
        cancelled=asyncio.Event(),
        secret=no_setting,
        session=session,
    )
    action: Action[Parameters] = ActionRegistry.installed().get(step.uses)
    parameters = action.parameters.model_validate(step.with_)
    return await action.preview(parameters, context), await action.act(parameters, context)


async def went(world: World, *plans: str) -> None:
    async with aiohttp.ClientSession() as session:
        for plan in plans:
            for step in acting_steps(plan, world):
                preview, outcome = await done(step, world, session)
                assert (step.id, preview.problem, preview.ready) == (step.id, "", True)
                assert (step.id, outcome.status) == (step.id, "succeeded"), outcome


def standing(world: World) -> tuple[str, object, str]:
    authority = "new" if Authority(world.data).is_new else "legacy"
    return Access(world.data).audience, Writes(world.data).state, authority


@pytest.mark.parametrize(
    ("plans", "after"),
    [
        (["switch-off"], ("nobody", "open", "legacy")),
        (["open-for-operators"], ("operators", "open", "legacy")),
        (["open-for-operators", "open-for-members"], ("members", "open", "legacy")),
        (["cutover"], ("members", "closed", "new")),
        (["cutover", "rollback-after-cutover"], ("nobody", "open", "legacy")),
        (["cutover", "rollback-after-cutover", "forward-again"], ("members", "closed", "new")),
        (["cutover", "retire-legacy"], ("members", "retired", "new")),
        (["backup-restore"], ("members", "open", "legacy")),
    ],
    ids=lambda value: value[-1] if isinstance(value, list) else "",
)
async def test_every_step_is_ready_and_succeeds_and_the_systems_stand_as_they_should(
    world: World, plans: list[str], after: tuple[str, str, str]
) -> None:
    await went(world, *plans)
    assert standing(world) == after


async def test_a_rollback_after_the_cutover_loses_nothing_and_tells_every_member(world: World) -> None:
    await went(world, "cutover")
    status, _ = await posted(world.new, "/registrations", {"event_id": 80, "member_id": 7})
    assert status == 201
    before = dump(world.data / "new.db")
    await went(world, "rollback-after-cutover")
    assert dump(world.data / "preserved" / "new-01RUN.db") == dump(world.data / "new.db") == before
    mails = sorted(path.name for path in (world.data / "mail").iterdir())
    assert mails == ["back-on-legacy-01RUN.json", "new-system-01RUN.json"]
    written = json.loads((world.data / "mail" / "back-on-legacy-01RUN.json").read_text())
    assert written["subject"] == "Please use the old system again"


def dump(path: Path) -> list[str]:
    """All but the log of what was switched."""
    with closing(sqlite3.connect(path)) as connection:
        return [line for line in connection.iterdump() if "audit_log" not in line]
