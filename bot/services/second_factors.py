"""Second factors: six-digit codes by RFC 6238, each good once; enrolled at the terminal alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pyotp
from pydantic import JsonValue
from pyotp.exceptions import OTPVerificationError

from bot.domain.errors import RefusedError, SupersededError, UnknownNameError
from bot.domain.messages.facts import Plain
from bot.domain.messages.timeline import in_utc
from bot.domain.person import Actor
from bot.domain.second_factor import LOCKED_FOR, MOST_WRONG, SecondFactorRecord, factor_subject
from bot.ports.clock import Clock
from bot.services.seed_cipher import SeedCipher
from bot.store.store import Store, Transaction

ISSUER = "Switchback"
_ID = re.compile(r"[UW][A-Z0-9]{2,}")
# A code counts one step of 30 s before and after its own: clocks differ, and people type slowly.
WINDOW = 1


@dataclass(frozen=True, repr=False)
class Enrolled:
    """What is shown once, to be read by the person's device."""

    record: SecondFactorRecord
    secret: str
    uri: str


class SecondFactors:
    """Implements `bot.ports.second_factor.SecondFactor`; enrols and removes."""

    def __init__(
        self,
        *,
        cipher: SeedCipher,
        store: Store,
        clock: Clock,
        new_seed: Callable[[], str] = pyotp.random_base32,
    ) -> None:
        self._cipher = cipher
        self._store = store
        self._clock = clock
        self._new_seed = new_seed

    async def must_be_right(self, actor: Actor, code: str) -> None:
        """Use up a person's code.

        Raises RefusedError (field `code`) for a wrong or used one, for one who is not enrolled, and while
        too many were wrong. Each is audited, without the code.
        """
        await self._try(actor.id, code, by=actor)

    async def test(self, user_id: str, code: str, *, by: Actor) -> None:
        """Try a person's code for them, at the terminal; it is used up. Raises as `must_be_right` does."""
        await self._try(user_id, code, by=by)

    async def enrol(self, user_id: str, *, name: str, replace: bool, by: Actor) -> Enrolled:
        """Give a person a second factor, vouched for by an administrator at the terminal.

        Raises SupersededError for one who has one, unless it is to be replaced; RefusedError without a key
        away from the terminal, and for what is no user id.
        """
        if not by.at_terminal:
            what = "Nobody is enrolled through Slack"
            raise RefusedError(what, do=f"At the terminal: switchback factors enrol {user_id}")
        if not _ID.fullmatch(user_id):
            raise RefusedError(f"{user_id} is no Slack user id", do="Copy it from their profile: U…")
        secret, now = self._new_seed(), self._clock.now()
        record = SecondFactorRecord(
            user_id=user_id,
            name=name,
            seed=self._cipher.encrypted(secret, person=user_id),
            enrolled_by=by,
            enrolled_at=now,
        )
        async with self._store.transaction() as tx:
            replaced = replace and await tx.second_factors.remove(user_id)
            if not await tx.second_factors.add(record):
                what = f"{user_id} has a second factor already"
                raise SupersededError(what, do="With --replace they get another one, and the old one is gone")
            kind = "second_factor.replaced" if replaced else "second_factor.enrolled"
            await self._audit(tx, user_id, by, kind, name=name)
            done = "replaced by another one" if replaced else "set up for you"
            await self._tell(tx, user_id, f"Your second factor was {done} by {by.name} at the terminal")
        uri = pyotp.TOTP(secret).provisioning_uri(name=f"{name} ({user_id})", issuer_name=ISSUER)
        return Enrolled(record, secret, uri)

    async def remove(self, user_id: str, *, by: Actor) -> None:
        """Take a person's second factor away. Raises UnknownNameError for one who has none."""
        async with self._store.transaction() as tx:
            if not await tx.second_factors.remove(user_id):
                known = [one.user_id for one in await tx.second_factors.all()]
                raise UnknownNameError("second factor of", user_id, known)
            await self._audit(tx, user_id, by, "second_factor.removed")
            await self._tell(tx, user_id, f"Your second factor was removed by {by.name} at the terminal")

    async def all(self) -> tuple[SecondFactorRecord, ...]:
        """Who has one, by id; the seeds are encrypted."""
        async with self._store.reading() as tx:
            return await tx.second_factors.all()

    async def _try(self, person: str, code: str, *, by: Actor) -> None:
        async with self._store.transaction() as tx:
            why = await self._tried(tx, person, "".join(code.split()), by)
        # Raised out here: the attempt is counted, whatever comes of it.
        if why is not None:
            raise why

    async def _tried(self, tx: Transaction, person: str, code: str, actor: Actor) -> RefusedError | None:
        now = self._clock.now()
        record = await tx.second_factors.get(person)
        if record is None:
            await self._audit(tx, person, actor, "second_factor.refused", why="not enrolled")
            do = f"Ask an administrator to enrol you at the terminal: switchback factors enrol {person}"
            return RefusedError("You have no second factor here", field="code", do=do)
        # Before the attempt is counted: without the key, no code could be right.
        seed = self._cipher.decrypted(record.seed, person=person)
        if not await tx.second_factors.attempt(person, now=now):
            await self._audit(tx, person, actor, "second_factor.refused", why="locked")
            record = await tx.second_factors.get(person) or record
            until = in_utc(record.locked_until or now)
            do = f"Try again after {until}, or have yourself enrolled anew at the terminal"
            return RefusedError("Too many codes were wrong", field="code", do=do)
        try:
            step = pyotp.TOTP(seed).verify_and_get_timecode(code, for_time=now, valid_window=WINDOW)
        except OTPVerificationError:
            return await self._wrong(tx, person, actor, "wrong", "This code is not right")
        if not await tx.second_factors.use(person, step=step):
            what = "This code was used already, and each is good once"
            return await self._wrong(tx, person, actor, "used", what)
        await self._audit(tx, person, actor, "second_factor.used")
        return None

    async def _wrong(self, tx: Transaction, person: str, actor: Actor, why: str, what: str) -> RefusedError:
        """Lock it when that was one too many."""
        record = await tx.second_factors.get(person)
        failures = record.failures if record else 0
        await self._audit(tx, person, actor, "second_factor.refused", why=why, wrong_in_a_row=failures)
        if failures < MOST_WRONG:
            left = MOST_WRONG - failures
            return RefusedError(what, field="code", do=f"Type the next one; {left} more wrong ones lock it")
        until = self._clock.now() + LOCKED_FOR
        await tx.second_factors.lock(person, until=until)
        await self._audit(tx, person, actor, "second_factor.locked", until=in_utc(until))
        told = f"{MOST_WRONG} wrong codes in a row were typed for you: none is taken until {in_utc(until)}"
        await self._tell(tx, person, f"{told}. If that was not you, your Slack session may be stolen")
        return RefusedError(what, field="code", do=f"It was one too many: try again after {in_utc(until)}")

    async def _audit(self, tx: Transaction, person: str, actor: Actor, kind: str, **facts: JsonValue) -> None:
        await tx.journal.record(
            at=self._clock.now(), actor=actor, kind=kind, subject=factor_subject(person), facts=facts
        )

    async def _tell(self, tx: Transaction, person: str, text: str) -> None:
        """Whose it is hears of it, in a direct message."""
        await tx.outbox.say(
            channel=person,
            subject=factor_subject(person),
            facts=Plain(text=f"🔑 {text}."),
            at=self._clock.now(),
        )
