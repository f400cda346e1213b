"""Codes of a second factor: each good once, few of them wrong, and enrolled at the terminal alone."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from bot.domain.errors import RefusedError, SettingsError, SupersededError, UnknownNameError
from bot.domain.person import Actor
from bot.domain.second_factor import LOCKED_FOR, MOST_WRONG
from bot.services.second_factors import SecondFactors
from bot.services.seed_cipher import SeedCipher
from bot.store.database import database_url, open_database
from bot.store.store import Store
from bot.store.tables import audit, outbox
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import FakeJobs
from tests.integration.ledger import ANA, KIM

KEY = Fernet.generate_key().decode()
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OTHER_SEED = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
ADMIN = Actor("terminal:root", "root (terminal)", account="root")
WRONG = "This code is not right"


def _over(store: Store, clock: FakeClock, *, key: str | None = KEY) -> SecondFactors:
    seeds: Iterator[str] = iter((SEED, OTHER_SEED, OTHER_SEED))
    return SecondFactors(cipher=SeedCipher(key), store=store, clock=clock, new_seed=lambda: next(seeds))


@pytest.fixture
async def factors(store: Store, clock: FakeClock) -> SecondFactors:
    """Second factors, of which Kim has one."""
    made = _over(store, clock)
    await made.enrol(KIM.id, name="Kim", replace=False, by=ADMIN)
    return made


def _code(clock: FakeClock, *, seconds: int = 0, seed: str = SEED) -> str:
    """What Kim's device shows at a moment so many seconds from now."""
    return pyotp.TOTP(seed).at(clock.now() + timedelta(seconds=seconds))


def _wrong(clock: FakeClock) -> str:
    """A code of no moment near."""
    near = {_code(clock, seconds=30 * step) for step in range(-3, 4)}
    return next(code for code in map(str, range(918_273, 918_373)) if code not in near)


async def _kinds(store: Store) -> list[str]:
    async with store.database.reading() as connection:
        return list((await connection.execute(sa.select(audit.c.kind).order_by(audit.c.number))).scalars())


async def _everything(store: Store) -> str:
    """All that the database holds of it, as text."""
    async with store.database.reading() as connection:
        kept = [
            str(row)
            for table in ("second_factors", "audit", "outbox")
            for row in await connection.execute(sa.text(f"SELECT * FROM {table}"))
        ]
    return "\n".join(kept)


async def test_a_code_is_good_once(factors: SecondFactors, store: Store, clock: FakeClock) -> None:
    await factors.must_be_right(KIM, _code(clock))
    with pytest.raises(RefusedError, match="This code was used already, and each is good once") as error:
        await factors.must_be_right(KIM, _code(clock))
    assert error.value.field == "code"
    clock.advance(30)
    await factors.must_be_right(KIM, _code(clock))
    assert await _kinds(store) == [
        "second_factor.enrolled",
        "second_factor.used",
        "second_factor.refused",
        "second_factor.used",
    ]


@pytest.mark.parametrize("seconds", [-30, 0, 30])
async def test_a_code_is_good_for_one_step_before_and_after_its_own(
    factors: SecondFactors, clock: FakeClock, seconds: int
) -> None:
    code = _code(clock, seconds=seconds)
    await factors.must_be_right(KIM, code)
    with pytest.raises(RefusedError, match="used already"):
        await factors.must_be_right(KIM, code)


@pytest.mark.parametrize("seconds", [-60, 60])
async def test_an_older_or_later_code_is_not(factors: SecondFactors, clock: FakeClock, seconds: int) -> None:
    with pytest.raises(RefusedError, match=WRONG):
        await factors.must_be_right(KIM, _code(clock, seconds=seconds))


async def test_a_code_before_one_that_was_used_is_not_good_any_more(
    factors: SecondFactors, clock: FakeClock
) -> None:
    await factors.must_be_right(KIM, _code(clock, seconds=30))
    with pytest.raises(RefusedError, match="used already"):
        await factors.must_be_right(KIM, _code(clock))


async def test_a_code_may_be_typed_with_a_space(factors: SecondFactors, clock: FakeClock) -> None:
    code = _code(clock)
    await factors.must_be_right(KIM, f" {code[:3]} {code[3:]} ")
    with pytest.raises(RefusedError, match="used already"):
        await factors.must_be_right(KIM, code)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0" * 500])
async def test_what_is_no_code_is_refused(factors: SecondFactors, code: str) -> None:
    with pytest.raises(RefusedError, match=WRONG):
        await factors.must_be_right(KIM, code)


async def test_five_wrong_ones_lock_it_for_a_quarter_of_an_hour_and_its_owner_is_told(
    factors: SecondFactors, store: Store, clock: FakeClock
) -> None:
    for left in range(MOST_WRONG - 1, 0, -1):
        with pytest.raises(RefusedError, match=f"{WRONG}.*{left} more wrong ones lock it"):
            await factors.must_be_right(KIM, _wrong(clock))
    with pytest.raises(RefusedError, match="one too many: try again after 2026-03-14 03:27 UTC"):
        await factors.must_be_right(KIM, _wrong(clock))
    with pytest.raises(RefusedError, match="Too many codes were wrong"):
        await factors.must_be_right(KIM, _code(clock))
    clock.advance(LOCKED_FOR.total_seconds() - 1)
    with pytest.raises(RefusedError, match="Too many codes were wrong"):
        await factors.must_be_right(KIM, _code(clock))
    clock.advance(1)
    await factors.must_be_right(KIM, _code(clock))
    async with store.database.reading() as connection:
        told = (await connection.execute(sa.select(outbox.c.channel, outbox.c.facts))).all()
    assert [(row.channel, "wrong codes" in row.facts["text"]) for row in told] == [
        (KIM.id, False),
        (KIM.id, True),
    ]


async def test_wrong_ones_are_counted_in_a_row(factors: SecondFactors, clock: FakeClock) -> None:
    for _ in range(3):
        for _ in range(MOST_WRONG - 1):
            with pytest.raises(RefusedError, match=WRONG):
                await factors.must_be_right(KIM, _wrong(clock))
        await factors.must_be_right(KIM, _code(clock))
        clock.advance(60)


async def test_one_who_is_not_enrolled_is_told_what_to_do(factors: SecondFactors, clock: FakeClock) -> None:
    with pytest.raises(RefusedError, match="switchback factors enrol U0ANA") as error:
        await factors.must_be_right(ANA, _code(clock))
    assert error.value.field == "code"


async def test_a_code_is_used_once_by_two_replicas_at_once(
    factors: SecondFactors, store: Store, database: sa.URL, jobs: FakeJobs, clock: FakeClock
) -> None:
    other = open_database(database_url(database.render_as_string(hide_password=False)))
    elsewhere = _over(Store(database=other, jobs=jobs), clock)
    code = _code(clock)
    ended = await asyncio.gather(
        *(each.must_be_right(KIM, code) for each in (factors, elsewhere) * 2), return_exceptions=True
    )
    await other.close()
    assert [type(one) for one in ended if one is not None] == [RefusedError] * 3
    assert (await _kinds(store)).count("second_factor.used") == 1


async def test_of_many_guesses_at_once_by_two_replicas_five_are_looked_at(
    factors: SecondFactors, store: Store, database: sa.URL, jobs: FakeJobs, clock: FakeClock
) -> None:
    other = open_database(database_url(database.render_as_string(hide_password=False)))
    elsewhere = _over(Store(database=other, jobs=jobs), clock)
    guesses = (each.must_be_right(KIM, _wrong(clock)) for each in (factors, elsewhere) * 6)
    ended = await asyncio.gather(*guesses, return_exceptions=True)
    await other.close()
    assert [WRONG in str(one) for one in ended].count(True) == MOST_WRONG
    assert ["Too many" in str(one) for one in ended].count(True) == 12 - MOST_WRONG
    assert (await _kinds(store)).count("second_factor.locked") == 1


async def test_neither_seed_nor_code_is_anywhere_to_be_read(
    factors: SecondFactors, store: Store, clock: FakeClock
) -> None:
    used, wrong = _code(clock), _wrong(clock)
    await factors.must_be_right(KIM, used)
    with pytest.raises(RefusedError) as error:
        await factors.must_be_right(KIM, wrong)
    kept = await _everything(store) + str(error.value)
    assert [secret for secret in (SEED, KEY, used, wrong) if secret in kept] == []


async def test_without_the_key_nothing_is_enrolled_and_no_code_taken(
    factors: SecondFactors, store: Store, clock: FakeClock
) -> None:
    keyless = _over(store, clock, key=None)
    with pytest.raises(RefusedError, match=r"SWITCHBACK_FACTOR_KEY is not set.*factors new-key"):
        await keyless.enrol(ANA.id, name="Ana", replace=False, by=ADMIN)
    with pytest.raises(RefusedError, match="SWITCHBACK_FACTOR_KEY is not set"):
        await keyless.must_be_right(KIM, _code(clock))
    rekeyed = _over(store, clock, key=Fernet.generate_key().decode())
    with pytest.raises(RefusedError, match=r"kept with another key.*factors enrol U0KIM --replace"):
        await rekeyed.must_be_right(KIM, _code(clock))
    await factors.must_be_right(KIM, _code(clock))


def test_what_is_no_key_is_said_without_it() -> None:
    with pytest.raises(SettingsError, match="SWITCHBACK_FACTOR_KEY is not a key") as error:
        SeedCipher("hunter2")
    assert "hunter2" not in str(error.value)


async def test_a_seed_that_was_copied_to_another_person_is_refused(
    factors: SecondFactors, store: Store, clock: FakeClock
) -> None:
    await factors.enrol(ANA.id, name="Ana", replace=False, by=ADMIN)
    copied = "UPDATE second_factors SET seed = (SELECT seed FROM second_factors WHERE user_id = 'U0KIM')"
    async with store.database.writing(later=False) as connection:
        await connection.execute(sa.text(f"{copied} WHERE user_id = 'U0ANA'"))
    with pytest.raises(RefusedError, match="somebody else's"):
        await factors.must_be_right(ANA, _code(clock))


async def test_who_has_one_gets_another_only_with_replace_and_then_the_old_one_is_gone(
    factors: SecondFactors, store: Store, clock: FakeClock
) -> None:
    await factors.must_be_right(KIM, _code(clock))
    with pytest.raises(SupersededError, match=r"has a second factor already.*--replace"):
        await factors.enrol(KIM.id, name="Kim", replace=False, by=ADMIN)
    clock.advance(30)
    await factors.must_be_right(KIM, _code(clock))
    made = await factors.enrol(KIM.id, name="Kim", replace=True, by=ADMIN)
    clock.advance(30)
    with pytest.raises(RefusedError, match=WRONG):
        await factors.must_be_right(KIM, _code(clock))
    await factors.must_be_right(KIM, _code(clock, seed=made.secret))
    assert "second_factor.replaced" in await _kinds(store)


async def test_nobody_is_enrolled_through_slack(factors: SecondFactors) -> None:
    with pytest.raises(RefusedError, match="Nobody is enrolled through Slack"):
        await factors.enrol(ANA.id, name="Ana", replace=False, by=KIM)
    with pytest.raises(RefusedError, match="is no Slack user id"):
        await factors.enrol("ana", name="Ana", replace=False, by=ADMIN)


async def test_what_is_removed_takes_no_code_any_more(factors: SecondFactors, clock: FakeClock) -> None:
    assert [one.user_id for one in await factors.all()] == [KIM.id]
    await factors.remove(KIM.id, by=ADMIN)
    with pytest.raises(RefusedError, match="You have no second factor here"):
        await factors.must_be_right(KIM, _code(clock))
    with pytest.raises(UnknownNameError):
        await factors.remove(KIM.id, by=ADMIN)


async def test_a_code_that_is_tried_at_the_terminal_is_used_up(
    factors: SecondFactors, clock: FakeClock
) -> None:
    await factors.test(KIM.id, _code(clock), by=ADMIN)
    with pytest.raises(RefusedError, match="used already"):
        await factors.must_be_right(KIM, _code(clock))


async def test_the_address_for_the_device_names_person_and_issuer(factors: SecondFactors) -> None:
    made = await factors.enrol(ANA.id, name="Ana", replace=False, by=ADMIN)
    read = pyotp.parse_uri(made.uri)
    assert (read.issuer, read.name, read.secret) == ("Switchback", "Ana (U0ANA)", OTHER_SEED)
    assert OTHER_SEED not in repr(made)
