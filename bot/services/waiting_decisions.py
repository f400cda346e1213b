"""What gates and cutovers wait for people with: their approval of a decision, and what they sign or vote."""

from collections.abc import Sequence

from bot.domain.decision import Decision
from bot.domain.playbook.document import Playbook
from bot.domain.statement import Statement
from bot.domain.statement_count import speaking
from bot.domain.waiting import WaitingItem
from bot.domain.wanted_statement import Wanted, all_wanted
from bot.ports.clock import Clock
from bot.services.catalog import Catalog
from bot.services.waiting import OwnRoles
from bot.store.store import Store, Transaction


class WaitingDecisions:
    """Decisions that wait for approvals of the person's role."""

    def __init__(self, *, catalog: Catalog, store: Store, clock: Clock) -> None:
        self._catalog = catalog
        self._store = store
        self._clock = clock

    async def waiting(self, me: OwnRoles) -> tuple[WaitingItem, ...]:
        """Those about which the person has said nothing that counts, and for which they did not ask."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            found = [await tx.decisions.open_decision(one) for one in self._catalog.migrations]
        return tuple(
            [
                _decision(one)
                for one in found
                if one is not None
                and one.status == "approving"
                and now < one.expires_at
                and me.person not in one.askers
                and all(said.by.id != me.person for said in one.standing)
                and await me.has(self._catalog.get(one.migration).playbook, one.role)
            ]
        )


class WaitingStatements:
    """What people were asked to sign or to vote on."""

    def __init__(self, *, catalog: Catalog, store: Store) -> None:
        self._catalog = catalog
        self._store = store

    async def waiting(self, me: OwnRoles) -> tuple[WaitingItem, ...]:
        """That of the person's roles which they have not stated, or not of every task."""
        found: list[tuple[Playbook, Wanted, Sequence[Statement], str]] = []
        async with self._store.reading() as tx:
            for loaded in self._catalog:
                found += await self._asked(tx, loaded.playbook)
        return tuple(
            [
                _statement(wanted, subject)
                for playbook, wanted, stated, subject in found
                if not _has_stated(wanted, stated, me.person) and await me.has(playbook, wanted.role)
            ]
        )

    async def _asked(
        self, tx: Transaction, playbook: Playbook
    ) -> list[tuple[Playbook, Wanted, Sequence[Statement], str]]:
        asked = []
        stated: Sequence[Statement] | None = None
        for wanted in all_wanted(playbook):
            request = await tx.statement_requests.open(wanted.about)
            if request is None:
                continue
            if stated is None:
                stated = speaking(await tx.statements.standing(playbook.migration), playbook)
            asked.append((playbook, wanted, stated, request.subject))
        return asked


def _has_stated(wanted: Wanted, stated: Sequence[Statement], person: str) -> bool:
    about = wanted.about
    items = {
        one.item
        for one in stated
        if one.by.id == person and (one.gate, one.criterion) == (about.gate, about.criterion)
    }
    return items >= ({item for item, _ in wanted.items} or {""})


def _decision(one: Decision) -> WaitingItem:
    blocked = f"; cannot be approved now: {one.blocked[0]}" if one.blocked else ""
    return WaitingItem(
        kind="decision",
        migration=one.migration,
        what=f"{one.what}, asked for by {one.asked_by.name}{blocked}",
        id=one.id,
        version=one.round,
        name=one.what,
        due=one.expires_at,
        subject=one.subject,
        rank=1,
    )


def _statement(wanted: Wanted, subject: str) -> WaitingItem:
    does = "vote" if wanted.is_vote else "sign-off"
    return WaitingItem(
        kind="statement",
        migration=wanted.about.migration,
        what=f"{does} as {wanted.role}: {wanted.title} ({wanted.gate_title})",
        id=str(wanted.about),
        version=1,
        name="Vote…" if wanted.is_vote else "Sign…",
        subject=subject,
        rank=2,
    )
