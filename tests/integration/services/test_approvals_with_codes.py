"""Where the present phase asks for a second factor, an approval of a rollback takes a code."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.domain.errors import NotAllowedError, RefusedError
from bot.domain.person import Actor
from bot.domain.run import Run
from bot.services.start_requests import GivenApproval
from bot.store.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.ledger import EVE, KIM, ledger
from tests.integration.trial import Trial, joined

ADMIN = Actor("terminal:root", "root (terminal)", account="root")
PHASES = [
    {
        "id": "grace",
        "kind": "grace",
        "rollback": {"role": "operator", "quorum": 1, "second_factor": True},
    },
    {"id": "gone", "kind": "decommissioned", "rollback": "never"},
]


@pytest.fixture
async def grace(store: Store, clock: FakeClock, jobs: FakeJobs, tmp_path: Path) -> AsyncIterator[Trial]:
    """The product in a phase that asks for codes."""
    async with joined(
        store=store,
        clock=clock,
        jobs=jobs,
        folder=tmp_path,
        playbook=ledger(tmp_path, phase="grace", phases=PHASES),
        factor_key=SecretStr(Fernet.generate_key().decode()),
    ) as trial:
        yield trial


async def _device(trial: Trial, person: Actor) -> pyotp.TOTP:
    """A person's device, enrolled."""
    made = await trial.services.second_factors.enrol(person.id, name=person.name, replace=False, by=ADMIN)
    return pyotp.TOTP(made.secret)


async def test_with_the_right_code_the_approval_counts(grace: Trial) -> None:
    device = await _device(grace, KIM)
    request = await grace.asked()
    assert await grace.services.rollback_codes.are_asked_for(request)
    run = await grace.approve(request, by=KIM, code=device.at(grace.clock.now()))
    assert isinstance(run, Run)
    assert run.approved_by == (KIM,)


async def test_a_wrong_code_no_code_or_none_enrolled_starts_nothing_and_says_so_at_the_field(
    grace: Trial,
) -> None:
    request = await grace.asked()
    with pytest.raises(RefusedError, match="You have no second factor here") as error:
        await grace.approve(request, by=KIM, code="123456")
    assert error.value.field == "code"
    await _device(grace, KIM)
    with pytest.raises(RefusedError, match="This code is not right") as error:
        await grace.approve(request, by=KIM)
    assert error.value.field == "code"
    counts = await grace.counts()
    assert (counts["runs"], counts["approvals"]) == (0, 0)


async def test_a_code_is_not_used_up_by_what_could_not_be_approved_anyway(grace: Trial) -> None:
    device = await _device(grace, KIM)
    request, code = await grace.asked(), device.at(grace.clock.now())
    with pytest.raises(RefusedError, match="Type ledger"):
        await grace.approve(request, by=KIM, typed="Ledger", code=code)
    other = GivenApproval(request.id, "other", request.digest, "ledger", code)
    with pytest.raises(RefusedError, match="is not what you were shown"):
        await grace.services.start_requests.approve(other, actor=KIM)
    with pytest.raises(NotAllowedError):
        await grace.approve(request, by=EVE, code=code)
    assert isinstance(await grace.approve(request, by=KIM, code=code), Run)


async def test_a_code_approves_one_thing(grace: Trial) -> None:
    device = await _device(grace, KIM)
    request, code = await grace.asked(), device.at(grace.clock.now())
    await grace.services.second_factors.must_be_right(KIM, code)
    with pytest.raises(RefusedError, match="This code was used already"):
        await grace.approve(request, by=KIM, code=code)
    assert (await grace.counts())["runs"] == 0


async def test_who_goes_on_alone_is_not_let_off_the_code(grace: Trial) -> None:
    device = await _device(grace, KIM)
    request = await grace.asked()
    alone = grace.services.break_glass.go_on_alone
    for wrong in ("", "123456"):
        with pytest.raises(RefusedError, match="This code is not right") as error:
            await alone(request.id, reason="Nobody answers", code=wrong, actor=KIM)
        assert error.value.field == "code"
    code = device.at(grace.clock.now())
    with pytest.raises(RefusedError, match="takes a reason"):
        await alone(request.id, reason=" ", code=code, actor=KIM)
    assert (await grace.counts())["runs"] == 0
    run = await alone(request.id, reason="Nobody answers", code=code, actor=KIM)
    assert run.broke_glass == "Nobody answers"


async def test_where_no_code_is_asked_for_none_is_taken(two: Trial) -> None:
    request = await two.asked()
    assert not await two.services.rollback_codes.are_asked_for(request)
    given = GivenApproval(request.id, request.preview, request.digest, "ledger")
    assert isinstance(await two.services.start_requests.approve(replace(given, code="x"), actor=KIM), Run)
