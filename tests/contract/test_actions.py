"""What every adapter promises: exec, http, sql, file, export-since, and the one in memory."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.contract.actions.case import Case, until
from tests.contract.actions.cases import exec_case, fake_case, file_case, http_case, sql_case
from tests.contract.actions.export_case import export_case

World = Callable[[Path], AbstractAsyncContextManager[Case]]


@pytest.fixture(
    params=[fake_case, exec_case, http_case, sql_case, file_case, export_case],
    ids=lambda world: world.__name__,
)
async def case(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Case]:
    world: World = request.param
    async with world(tmp_path) as made:
        yield made


async def test_a_preview_says_what_would_be_done_and_has_no_effect(case: Case) -> None:
    before = case.state()
    preview = await case.preview(case.once)
    assert preview.ready, preview.problem
    assert preview.effect
    assert preview.exact
    assert case.state() == before
    assert case.effects() == 0


async def test_an_act_has_its_effect_once_and_tells_with_evidence(case: Case) -> None:
    outcome = await case.act(case.once)
    assert outcome.status == "succeeded", outcome
    assert outcome.evidence
    assert case.effects() == 1


async def test_a_probe_says_no_before_and_yes_after_and_has_no_effect(case: Case) -> None:
    before = case.state()
    assert (await case.probe(case.once)).done == "no"
    assert case.state() == before
    await case.act(case.once)
    after = case.state()
    assert (await case.probe(case.once)).done == "yes"
    assert case.state() == after


async def test_what_is_idempotent_leaves_the_same_behind_when_done_twice(case: Case) -> None:
    assert case.action.nature(case.action.parameters.model_validate(case.again)).idempotent
    first = await case.act(case.again)
    once = case.state()
    second = await case.act(case.again, case.context(nonce="n2"))
    assert (first.status, second.status) == ("succeeded", "succeeded")
    assert case.state() == once


async def test_an_act_that_is_cancelled_ends_soon_and_does_not_claim_success(case: Case) -> None:
    cancelled = asyncio.Event()
    running = asyncio.create_task(case.act(case.slow, case.context(seconds=100, cancelled=cancelled)))
    await until(lambda: case.under_way() or running.done())
    cancelled.set()
    outcome = await asyncio.wait_for(running, timeout=5)
    assert outcome.status in {"failed", "unknown"}
    assert case.effects() == 0


async def test_an_act_ends_within_its_seconds_and_does_not_claim_success(case: Case) -> None:
    started = time.monotonic()
    outcome = await case.act(case.slow, case.context(seconds=0.5))
    assert time.monotonic() - started < 1.5
    assert outcome.status in {"failed", "unknown"}
    assert case.effects() == 0


async def test_an_act_whose_task_is_ended_leaves_nothing_behind_that_goes_on(case: Case) -> None:
    running = asyncio.create_task(case.act(case.slow, case.context(seconds=100)))
    await until(lambda: case.under_way() or running.done())
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert case.effects() == 0


async def test_an_act_that_was_cancelled_before_it_began_does_nothing(case: Case) -> None:
    cancelled = asyncio.Event()
    cancelled.set()
    before = case.state()
    outcome = await case.act(case.once, case.context(cancelled=cancelled))
    assert outcome.status == "failed"
    assert case.state() == before


async def test_a_parameter_that_is_not_known_is_an_error(case: Case) -> None:
    given = {**case.once, "tiemout": "3s"}
    with pytest.raises(ValidationError, match="tiemout"):
        case.action.parameters.model_validate(given)


async def test_a_secret_is_declared_and_turns_up_nowhere(
    case: Case, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    parameters = case.action.parameters.model_validate(case.once)
    assert set(case.action.nature(parameters).secrets) == set(case.secrets)
    parts: list[object] = [parameters, await case.preview(case.once), await case.probe(case.once)]
    parts += [await case.act(case.once), await case.probe(case.once), caplog.text, *capfd.readouterr()]
    said = "".join(f"{part!r} {part}" for part in parts)
    for value in case.secrets.values():
        for spelling in (value, repr(value)[1:-1], value[:8], value[-8:]):
            assert spelling not in said


async def test_a_missing_secret_is_told_and_nothing_is_done(case: Case) -> None:
    before = case.state()
    for name in list(case.secrets):
        del case.secrets[name]
        preview, outcome = await case.preview(case.once), await case.act(case.once)
        assert not preview.ready
        assert f"{name} is not set" in preview.problem
        assert outcome.status == "failed"
        assert f"{name} is not set" in outcome.summary
    assert case.state() == before
