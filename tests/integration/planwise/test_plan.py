"""The example's plan, step by step through the real adapters, on the example's real parts."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from actions.file import FileAction
from actions.file_parameters import FileParameters
from actions.http import HttpAction
from actions.http_parameters import HttpParameters
from bot.domain.playbook.plans import Step
from bot.ports.action import ActionContext
from bot.ports.outcome import Outcome, Preview
from tests.integration.planwise.playbook import planwise
from tests.integration.planwise.test_services import World, data, seen, world
from tests.integration.reconcile.test_reconciler import no_setting

__all__ = ["data", "world"]


def acting_steps(plan: str, world: World) -> Iterator[Step]:
    ports = {8711: world.legacy.port, 8712: world.new.port, 8713: world.router.port}
    playbook = planwise(ports={old: new for old, new in ports.items() if new is not None})
    for step in playbook.in_environment(playbook.plans[plan], "production").steps:
        if step.uses in ("http", "file"):
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
    if step.uses == "http":
        http, request = HttpAction(), HttpParameters.model_validate(step.with_)
        return await http.preview(request, context), await http.act(request, context)
    file, work = FileAction(), FileParameters.model_validate(step.with_)
    return await file.preview(work, context), await file.act(work, context)


@pytest.mark.parametrize("plan", ["immediate", "access-only"])
async def test_every_step_is_ready_and_succeeds(world: World, plan: str) -> None:
    async with aiohttp.ClientSession() as session:
        for step in acting_steps(plan, world):
            preview, outcome = await done(step, world, session)
            assert (step.id, preview.problem, preview.ready) == (step.id, "", True)
            assert (step.id, outcome.status) == (step.id, "succeeded"), outcome


async def test_after_the_rollback_people_are_on_legacy_and_the_new_systems_state_is_kept(
    world: World,
) -> None:
    async with aiohttp.ClientSession() as session:
        for step in acting_steps("immediate", world):
            await done(step, world, session)
    assert (await seen(world.new, "/employees/count"))[0] == 503
    async with world.router.get("/employees/count") as answer:
        assert (answer.status, answer.headers["X-Served-By"]) == (200, "legacy")
    assert dump(world.data / "preserved" / "new-01RUN.db") == dump(world.data / "new.db")
    assert (world.data / "preserved" / "new-access-01RUN.json").read_text() == '{"open": false}\n'


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())
