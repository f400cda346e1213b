"""What people say of discrepancies: explained, accepted, assigned, reopened, commented, each press once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from pydantic import JsonValue

from bot.domain.discrepancy import Discrepancy, require_text
from bot.domain.errors import RefusedError, SourceError, SupersededError
from bot.domain.explanation import Category, Owner
from bot.domain.messages.discrepancies import most_urgent_first, what_was_done
from bot.domain.messages.timeline import TimelineEntry
from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.ports.clock import Clock
from bot.ports.roles import RoleDirectory
from bot.services.catalog import Catalog
from bot.services.discrepancy_register import DiscrepancyRegister
from bot.services.discrepancy_telling import DiscrepancyTelling
from bot.services.meant_discrepancies import Meant, One, example_of, held, is_meant, what_happened
from bot.services.permissions import Permissions
from bot.store.discrepancies import Note
from bot.store.store import Store, Transaction

ME = "me"
log = structlog.get_logger()


@dataclass(frozen=True)
class _Said:
    """What a person does, by its name in the audit log."""

    kind: str
    actor: Actor


@dataclass(frozen=True)
class _Doing(_Said):
    """A change of each entry that is meant, and who is called for it."""

    change: Callable[[Discrepancy, int, datetime, date], Discrepancy]
    called: tuple[str, ...] = ()


class DiscrepancyService:
    """Applies what people decide about discrepancies; who comes second is told what happened."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        roles: RoleDirectory,
        register: DiscrepancyRegister,
        telling: DiscrepancyTelling,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._roles = roles
        self._register = register
        self._telling = telling
        self._store = store
        self._clock = clock

    async def explain(
        self, meant: Meant, *, category: Category, text: str, actor: Actor
    ) -> tuple[Discrepancy, ...]:
        """Say why it is there. It stays visible, and counts as clean only where the playbook says so.

        Raises SupersededError when somebody, or a reconciliation, came first; RefusedError without a text;
        NotAllowedError, UnknownNameError.
        """

        def explained(one: Discrepancy, version: int, at: datetime, _today: date) -> Discrepancy:
            return one.explained(category, text, version=version, by=actor, at=at)

        return await self._do(meant, _Doing("explained", actor, explained))

    async def accept(
        self, meant: Meant, *, until: date, text: str, category: Category | None = None, actor: Actor
    ) -> tuple[Discrepancy, ...]:
        """Let it be to the end of a day; then it is open again. Raises what `explain` raises."""

        def accepted(one: Discrepancy, version: int, at: datetime, today: date) -> Discrepancy:
            return one.accepted(until, text, category=category, today=today, version=version, by=actor, at=at)

        return await self._do(meant, _Doing("accepted", actor, accepted))

    async def reopen(self, meant: One, *, text: str, actor: Actor) -> tuple[Discrepancy, ...]:
        """Take an explanation or an acceptance back. Raises what `explain` raises."""

        def reopened(one: Discrepancy, version: int, at: datetime, _today: date) -> Discrepancy:
            return one.reopened(text, version=version, by=actor, at=at)

        return await self._do(meant, _Doing("reopened", actor, reopened))

    async def assign(self, meant: Meant, *, to: str, actor: Actor) -> tuple[Discrepancy, ...]:
        """Give it to a role of the playbook by its name, to a person by their Slack id, or to `me`.

        Raises what `explain` raises, and RefusedError for what is none of these.
        """
        async with self._store.reading() as tx:
            example = await example_of(tx, meant)
        playbook = self._catalog.get(example.migration).playbook
        owner = _owner(playbook, to, actor)
        called = await self._called(playbook, owner, actor)

        def assigned(one: Discrepancy, version: int, at: datetime, _today: date) -> Discrepancy:
            return one.assigned(owner, version=version, by=actor, at=at)

        return await self._do(meant, _Doing("assigned", actor, assigned, called))

    async def comment(self, discrepancy_id: str, *, text: str, actor: Actor) -> Discrepancy:
        """Add a line to its history.

        Raises RefusedError without a text, SupersededError when the same person has just said the same,
        NotAllowedError, UnknownNameError.
        """
        await self._permit_to_see((await self.get(discrepancy_id)).migration, actor)
        require_text(text, "A comment takes a text")
        async with self._store.transaction() as tx:
            entry, at = await tx.discrepancies.held(discrepancy_id), self._clock.now()
            notes = await tx.discrepancies.notes([entry.id])
            note = Note(entry.id, at, actor.name, "comment", text.strip())
            if notes and _same(notes[-1], note):
                raise SupersededError("This comment is there already")
            await tx.discrepancies.note([note])
            await _record(tx, _Said("commented", actor), [entry], at=at, text=note.text)
            said = f"comments “{entry.title}” of {self._telling.title(entry)}: {note.text}"
            line = TimelineEntry(at=at, actor=actor.name, text=said)
            await self._telling.tell(tx, [entry], line, changed=False)
        return entry

    async def get(self, discrepancy_id: str) -> Discrepancy:
        """One as it is today. Raises UnknownNameError."""
        async with self._store.reading() as tx:
            found = await tx.discrepancies.get(discrepancy_id)
        return found.as_of(self._register.today(found.migration))

    async def notes(self, discrepancy_id: str) -> tuple[Note, ...]:
        """What was said of one and what became of it, oldest first."""
        async with self._store.reading() as tx:
            return await tx.discrepancies.notes([discrepancy_id])

    def today(self, migration: str) -> date:
        """The migration's day now."""
        return self._register.today(migration)

    async def shown(self, meant: One, *, actor: Actor) -> Discrepancy:
        """One for somebody who is about to say something of it.

        Raises NotAllowedError, UnknownNameError, SupersededError when it is no longer as it was shown.
        """
        found = await self.get(meant.id)
        await self._permit_to_see(found.migration, actor)
        found.still(meant.version)
        return found

    async def listed(self, migration: str, *, actor: Actor, fixed: bool = False) -> tuple[Discrepancy, ...]:
        """The discrepancies of a migration as they are today, those first that need somebody.

        Raises UnknownNameError, NotAllowedError.
        """
        await self._permit_to_see(migration, actor)
        today = self._register.today(migration)
        async with self._store.reading() as tx:
            found = await tx.discrepancies.listed(migration, fixed=fixed)
        return tuple(sorted((one.as_of(today) for one in found), key=most_urgent_first))

    async def _do(self, meant: Meant, doing: _Doing) -> tuple[Discrepancy, ...]:
        async with self._store.reading() as tx:
            example = await example_of(tx, meant)
        playbook = self._catalog.get(example.migration).playbook
        await self._permissions.may_judge(playbook, _role(playbook, example), doing.actor)
        async with self._store.transaction() as tx:
            at, today = self._clock.now(), self._register.today(example.migration)
            found = await held(tx, meant)
            now = {one.id: one.as_of(today) for one in found}
            chosen = [one for one in found if is_meant(now[one.id], meant)]
            if not chosen:
                raise SupersededError(what_happened(tuple(now.values())))
            after = []
            for one in chosen:
                version = meant.version if isinstance(meant, One) else now[one.id].version
                after.append(doing.change(now[one.id], version, at, today))
                if not await tx.discrepancies.replace(one, after[-1]):
                    raise SupersededError((await tx.discrepancies.get(one.id)).what_happened())
            notes = [Note(one.id, at, doing.actor.name, doing.kind, one.change) for one in after]
            await tx.discrepancies.note(notes)
            await _record(tx, doing, after, at=at, text=after[0].change)
            text = what_was_done(doing.kind, after, self._telling.title(after[0]))
            line = TimelineEntry(at=at, actor=doing.actor.name, text=text, role=doing.called)
            await self._telling.tell(tx, after, line)
        return tuple(after)

    async def _permit_to_see(self, migration: str, actor: Actor) -> None:
        await self._permissions.may_comment(self._catalog.get(migration).playbook, actor)

    async def _called(self, playbook: Playbook, owner: Owner, actor: Actor) -> tuple[str, ...]:
        """The ids to be mentioned: of somebody else who has to act now."""
        if not owner.role:
            return () if owner.id == actor.id else (owner.id,)
        try:
            return (await self._roles.members(playbook.roles[owner.id])).called
        except SourceError as error:
            log.warning("discrepancy.owner_not_called", role=owner.id, problem=str(error))
            return ()


def _owner(playbook: Playbook, to: str, actor: Actor) -> Owner:
    if to == ME:
        return Owner(id=actor.id, name=actor.name)
    if to in playbook.roles:
        return Owner(id=to, name=to, role=True)
    if len(to) > 2 and to[0] in "UW" and to.isalnum() and to.upper() == to:
        return Owner(id=to, name=to)
    known = ", ".join(playbook.roles)
    what = f"“{to}” is neither a role of {playbook.migration} nor a Slack user id"
    raise RefusedError(what, field="to", do=f"Roles: {known}")


def _role(playbook: Playbook, entry: Discrepancy) -> str:
    """The role that owns the check now, or did when the playbook still had the check."""
    owners = {check.id: check.owner for check in playbook.reconcile.checks}
    return owners.get(entry.check, entry.role)


def _same(one: Note, other: Note) -> bool:
    return (one.actor, one.kind, one.text) == (other.actor, other.kind, other.text)


async def _record(
    tx: Transaction, done: _Said, entries: Sequence[Discrepancy], *, at: datetime, text: str
) -> None:
    first = entries[0]
    subject = first.subject if len(entries) == 1 else f"check:{first.check}"
    facts: dict[str, JsonValue] = {"migration": first.migration, "check": first.check, "text": text}
    facts["discrepancies"] = {one.id: one.name for one in entries}
    await tx.journal.record(
        at=at, actor=done.actor, kind=f"discrepancy.{done.kind}", subject=subject, facts=facts
    )
