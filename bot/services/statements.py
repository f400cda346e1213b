"""People sign and vote about criteria of gates, each once, on what they were shown; and withdraw."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.errors import RefusedError, SupersededError
from bot.domain.gates.board import Board
from bot.domain.person import SWITCHBACK, Actor
from bot.domain.playbook.document import Playbook
from bot.domain.statement import MOST_OF_A_COMMENT, VOTES, Choice, Statement
from bot.domain.statement_count import other_role
from bot.domain.wanted_statement import AboutCriterion, Wanted, still_meant, wanted
from bot.ports.clock import Clock, Ids
from bot.services.catalog import Catalog
from bot.services.permissions import Permissions
from bot.services.statement_requests import StatementRequestService
from bot.store.store import Store, Transaction

LastBoard = Callable[[Transaction, str], Awaitable[Board | None]]
"""The gates of a migration as they were evaluated last; None before the first time."""


@dataclass(frozen=True)
class Bound:
    """What a modal was opened for, and comes back with it: the id of the statement that it makes, so that
    it makes one; the digests of what was asked, and of the other gates that stood beside a vote.
    """

    about: AboutCriterion
    statement_id: str
    asked: str
    evidence: str = ""


@dataclass(frozen=True)
class ToState:
    """What a person is shown before they sign or vote. `items` are the tasks that they have not signed."""

    bound: Bound
    wanted: Wanted
    items: tuple[tuple[str, str], ...] = ()
    board: Board | None = None


class StatementService:
    """Keeps what people state. None is given at the terminal."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        permissions: Permissions,
        requests: StatementRequestService,
        last_board: LastBoard,
        store: Store,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._catalog = catalog
        self._permissions = permissions
        self._requests = requests
        self._last_board = last_board
        self._store = store
        self._clock = clock
        self._ids = ids

    async def shown(self, about: AboutCriterion, *, actor: Actor) -> ToState:
        """What somebody is about to sign, or to vote on. Raises as `state` does."""
        playbook = self._catalog.get(about.migration).playbook
        asked = wanted(playbook, about)
        async with self._store.reading() as tx:
            standing = await tx.statements.standing(about.migration)
            board = await self._beside(tx, asked)
        spoke_as = other_role(standing, playbook, asked, actor.id)
        await self._permissions.may_state(playbook, asked, actor, spoke_as=spoke_as, fresh=False)
        items = asked.items or (("", ""),)
        left = tuple(
            item for item in items if self._good_one(standing, asked, playbook, item[0], actor) is None
        )
        if not left:
            raise _stated_already(self._good_one(standing, asked, playbook, items[0][0], actor))
        bound = Bound(
            about=about,
            statement_id=self._ids.new(),
            asked=asked.whole(),
            evidence=board.digest() if board else "",
        )
        return ToState(bound, asked, left if asked.items else (), board)

    async def state(
        self, bound: Bound, *, choice: str, item: str = "", comment: str = "", actor: Actor
    ) -> Statement:
        """Sign, or vote. It counts once, on what was shown.

        Raises NotAllowedError; SupersededError for one who has done so already, by this modal too;
        RefusedError when what was shown has changed, or the choice is none; UnknownNameError, SourceError.
        """
        playbook = self._catalog.get(bound.about.migration).playbook
        asked = wanted(playbook, bound.about)
        async with self._store.reading() as tx:
            standing = await tx.statements.standing(bound.about.migration)
        spoke_as = other_role(standing, playbook, asked, actor.id)
        members = await self._permissions.may_state(playbook, asked, actor, spoke_as=spoke_as)
        asked.item_title(item)
        statement = Statement(
            id=bound.statement_id,
            migration=bound.about.migration,
            gate=bound.about.gate,
            criterion=bound.about.criterion,
            item=item,
            role=asked.role,
            by=actor,
            at=self._clock.now(),
            choice=_choice(asked, choice),
            comment=comment.strip()[:MOST_OF_A_COMMENT],
            text=asked.text,
            shown=asked.digest(item),
            evidence=bound.evidence,
        )
        async with self._store.transaction() as tx:
            await self._must_be_as_shown(tx, bound, asked)
            await self._add(tx, statement, asked, playbook)
            await self._audit(tx, statement, actor, f"statement.{'voted' if asked.is_vote else 'signed'}")
            await self._requests.show(tx, bound.about, members=members)
        return statement

    async def own(self, about: AboutCriterion, *, actor: Actor) -> tuple[Statement, ...]:
        """A person's own standing statements about a criterion. Raises RefusedError where there are none."""
        async with self._store.reading() as tx:
            standing = await tx.statements.standing(about.migration)
        mine = tuple(
            one
            for one in standing
            if AboutCriterion(one.migration, one.gate, one.criterion) == about and one.by.id == actor.id
        )
        if not mine:
            raise RefusedError("You have nothing to withdraw here")
        return mine

    async def withdraw(self, statement_id: str, *, reason: str, actor: Actor) -> Statement:
        """Take one's own statement back; a changed mind may state something else then.

        Raises NotAllowedError, SupersededError when it has ended already, RefusedError without a reason,
        UnknownNameError.
        """
        reason = reason.strip()[:MOST_OF_A_COMMENT]
        if not reason:
            raise RefusedError("Say why you withdraw it", field="reason")
        async with self._store.reading() as tx:
            before = await tx.statements.get(statement_id)
        playbook = self._catalog.get(before.migration).playbook
        await self._permissions.may_withdraw(playbook, before, actor)
        about = AboutCriterion(before.migration, before.gate, before.criterion)
        members = await self._requests.people(about)
        async with self._store.transaction() as tx:
            now = self._clock.now()
            if not await tx.statements.end(before, by=actor, at=now, why=reason):
                raise SupersededError((await tx.statements.get(statement_id)).what_happened())
            await self._audit(tx, before, actor, "statement.withdrawn", reason=reason)
            if members is not None:
                await self._requests.show(tx, about, members=members)
            await self._requests.remind_again(tx, about)
            return await tx.statements.get(statement_id)

    async def _beside(self, tx: Transaction, asked: Wanted) -> Board | None:
        """The other gates, which stand beside a vote; None beside a signature, or where none is known."""
        if not asked.is_vote:
            return None
        board = await self._last_board(tx, asked.about.migration)
        return None if board is None else board.without(asked.about.gate)

    async def _must_be_as_shown(self, tx: Transaction, bound: Bound, asked: Wanted) -> None:
        do = "Close this and open it again, to see what it is about now"
        if asked.whole() != bound.asked:
            what = "The playbook has changed what is asked here since you opened this"
            raise RefusedError(what, do=do)
        board = await self._beside(tx, asked)
        if (board.digest() if board else "") != bound.evidence:
            what = "The evidence of the other gates has changed since you opened this"
            raise RefusedError(what, do=do)

    async def _add(self, tx: Transaction, statement: Statement, asked: Wanted, playbook: Playbook) -> None:
        """Write it; one of the same person that does not count any more makes room for it."""
        standing = await tx.statements.standing(statement.migration)
        for one in _same(standing, statement.gate, statement.criterion, statement.item, statement.by):
            if self._counts(one, asked, playbook):
                raise _stated_already(one)
            why = "made anew: it was too old" if still_meant(one, playbook) else "made anew: the text changed"
            if await tx.statements.end(one, by=SWITCHBACK, at=statement.at, why=why):
                await self._audit(tx, one, SWITCHBACK, "statement.ended", reason=why)
        if not await tx.statements.add(statement):
            raise SupersededError(await self._why_not(tx, statement))

    async def _why_not(self, tx: Transaction, statement: Statement) -> str:
        """What has come first: this modal itself, or another one of the same person."""
        every = await tx.statements.all(statement.migration)
        before = next((one for one in every if one.id == statement.id), None)
        if before is not None and not before.stands:
            return before.what_happened()
        same = _same(every, statement.gate, statement.criterion, statement.item, statement.by)
        return str(_stated_already(next((one for one in same if one.stands), None)))

    def _good_one(
        self, standing: tuple[Statement, ...], asked: Wanted, playbook: Playbook, item: str, actor: Actor
    ) -> Statement | None:
        same = _same(standing, asked.about.gate, asked.about.criterion, item, actor)
        return next((one for one in same if self._counts(one, asked, playbook)), None)

    def _counts(self, one: Statement, asked: Wanted, playbook: Playbook) -> bool:
        young = self._clock.now() - one.at <= asked.criterion.max_age
        return young and still_meant(one, playbook)

    async def _audit(
        self, tx: Transaction, statement: Statement, actor: Actor, kind: str, **facts: str
    ) -> None:
        await tx.journal.record(
            at=self._clock.now(),
            actor=actor,
            kind=kind,
            subject=f"statement:{statement.id}",
            facts={**statement.facts(), **facts},
        )


def _same(
    statements: tuple[Statement, ...], gate: str, criterion: str, item: str, by: Actor
) -> tuple[Statement, ...]:
    key = (gate, criterion, item, by.id)
    return tuple(one for one in statements if (one.gate, one.criterion, one.item, one.by.id) == key)


def _choice(asked: Wanted, choice: str) -> Choice:
    if not asked.is_vote:
        return "sign"
    for known in VOTES:
        if known == choice:
            return known
    raise RefusedError("Choose For, Against or Abstain", field="choice")


def _stated_already(before: Statement | None) -> SupersededError:
    if before is None:
        return SupersededError("Somebody was faster; see the message as it stands now")
    return SupersededError(before.what_happened(), do="To change your mind, withdraw it first")
