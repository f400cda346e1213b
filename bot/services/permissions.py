"""Who may do what: the role is read when it counts, and a refusal is audited."""

from bot.domain.errors import NotAllowedError, SourceError
from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.domain.review import Review
from bot.domain.start_request import StartRequest
from bot.ports.clock import Clock
from bot.ports.roles import Members, RoleDirectory
from bot.services.phases import Phases
from bot.store.store import Store

People = frozenset[str]


class Permissions:
    """Asks the role directory and refuses people without the role."""

    def __init__(self, *, roles: RoleDirectory, phases: Phases, store: Store, clock: Clock) -> None:
        self._roles = roles
        self._phases = phases
        self._store = store
        self._clock = clock

    async def may_reconcile(self, playbook: Playbook, actor: Actor) -> None:
        """Anybody with a role in the migration. Raises NotAllowedError."""
        await self._require(playbook, tuple(playbook.roles), actor, "reconcile")

    async def may_preview(self, playbook: Playbook, actor: Actor) -> None:
        """Anybody with a role in the migration. Raises NotAllowedError."""
        await self._require(playbook, tuple(playbook.roles), actor, "preview a rollback of")

    async def may_roll_back(self, playbook: Playbook, actor: Actor, *, fresh: bool = False) -> None:
        """The role that the present phase names; read anew when `fresh`.

        Raises NotAllowedError, with the reason.
        """
        await self._require(playbook, (await self._role(playbook, actor),), actor, "roll back", fresh=fresh)

    async def may_ask(self, playbook: Playbook, actor: Actor) -> Members:
        """The people of that role, to be called, for one of them who asks, or goes on alone.

        Raises NotAllowedError, also for an account of the host that could be anybody in Slack, and
        SourceError when who is in the role cannot be known, not even by a copy.
        """
        role = await self._role(playbook, actor)
        if actor.unmapped:
            phase = (await self._phases.present(playbook)).phase
            what = (
                f"Others have to approve a rollback in phase “{phase}”, and the playbook does not "
                f"say who the account {actor.account} is in Slack"
            )
            do = f"Ask for it in Slack, or add to the playbook: people: {{{actor.account}: U…}}"
            raise await self._refused(playbook, actor, "ask for approvals", what, do=do)
        return await self._found(playbook, (role,), actor, "roll back", fresh=True)

    async def may_approve(
        self, playbook: Playbook, request: StartRequest, actor: Actor, *, fresh: bool = True
    ) -> People:
        """The people of the role as they are now, for one of them who did not ask.

        Raises NotAllowedError, with the reason, and SourceError when only a copy could be read: an
        approval counts by who is in the role when it is counted.
        """
        role = await self._role(playbook, actor)
        why = request.refuses(actor)
        if why:
            do = f"Somebody else who is {_named(playbook, role)} has to approve it"
            raise await self._refused(playbook, actor, "approve the rollback", why, do=do)
        members = await self._roles.members(playbook.roles[role], fresh=fresh)
        if members.as_of is not None:
            what = f"Who is {_named(playbook, role)} cannot be read now: Slack does not answer"
            raise SourceError(what, do="Approve it again when Slack answers")
        if actor.id not in members.users:
            raise await self._without_role(playbook, (role,), actor, "approve the rollback of")
        return members.users

    async def may_review(self, playbook: Playbook, review: Review, actor: Actor) -> None:
        """The role that should have approved, or any where that is gone, and not who went on alone.

        Raises NotAllowedError, with the reason.
        """
        roles = (review.role,) if review.role in playbook.roles else tuple(playbook.roles)
        if why := review.refuses(actor):
            who = ", ".join(_named(playbook, role) for role in roles)
            raise await self._refused(
                playbook, actor, "close the review", why, do=f"Ask someone who is {who}"
            )
        await self._require(playbook, roles, actor, "close a review of", fresh=True)

    async def _role(self, playbook: Playbook, actor: Actor) -> str:
        present = await self._phases.present(playbook)
        if present.rollback_role is None:
            what = f"{playbook.title} cannot be rolled back in phase “{present.phase}”"
            raise await self._refused(playbook, actor, "roll back", what, do="Its legacy system is gone")
        return present.rollback_role

    async def may_sign(self, playbook: Playbook, role: str, actor: Actor) -> None:
        """The role that a rehearsal is signed for, read anew; never at the terminal.

        Raises NotAllowedError.
        """
        doing = f"sign a rehearsal as {role} of"
        if actor.at_terminal:
            what = f"Nobody may {doing} {playbook.migration} at the terminal"
            do = "Press the button below its record in Slack"
            raise await self._refused(playbook, actor, doing, what, do=do)
        if role not in playbook.roles:
            what = f"Nobody may {doing} {playbook.migration}: the playbook has no such role any more"
            raise await self._refused(playbook, actor, doing, what, do="Add the role to the playbook")
        await self._require(playbook, (role,), actor, doing, fresh=True)

    async def may_follow_up(self, playbook: Playbook, role: str, actor: Actor) -> None:
        """The role that owns a follow-up; at the terminal anybody, where the playbook has lost it.

        Raises NotAllowedError.
        """
        doing = "settle this follow-up of"
        if role in playbook.roles:
            await self._require(playbook, (role,), actor, doing)
        elif not actor.at_terminal:
            what = f"Nobody may {doing} {playbook.migration}: the playbook has no role “{role}” any more"
            do = "Add the role, or settle it at the terminal"
            raise await self._refused(playbook, actor, doing, what, do=do)

    async def may_comment(self, playbook: Playbook, actor: Actor) -> None:
        """Anybody with a role in the migration may see and comment discrepancies. Raises NotAllowedError."""
        await self._require(playbook, tuple(playbook.roles), actor, "see and comment discrepancies of")

    async def may_judge(self, playbook: Playbook, role: str, actor: Actor) -> None:
        """The role that owns the check, read anew: what it explains may count as clean.

        Where the playbook has lost the role, nobody but at the terminal. Raises NotAllowedError.
        """
        doing = "explain, accept, assign or reopen this discrepancy of"
        if role in playbook.roles:
            await self._require(playbook, (role,), actor, doing, fresh=True)
        elif not actor.at_terminal:
            what = f"Nobody may {doing} {playbook.migration}: the playbook has no role “{role}” any more"
            do = "Add the role, or do it at the terminal"
            raise await self._refused(playbook, actor, doing, what, do=do)

    async def may_export_rows(self, playbook: Playbook, role: str, actor: Actor) -> None:
        """The role that owns the check, read anew: the whole list leaves the channel as a file.

        Raises NotAllowedError, for everybody in Slack when the playbook has lost the role.
        """
        doing = "get all rows of this check of"
        if role in playbook.roles:
            await self._require(playbook, (role,), actor, doing, fresh=True)
        elif not actor.at_terminal:
            what = f"Nobody may {doing} {playbook.migration}: the playbook has no role “{role}” any more"
            do = "Add the role, or get them at the terminal"
            raise await self._refused(playbook, actor, doing, what, do=do)

    async def _require(
        self, playbook: Playbook, roles: tuple[str, ...], actor: Actor, doing: str, *, fresh: bool = False
    ) -> None:
        # The operating system vouches for an account of the host; approvals are not given there.
        if actor.unmapped:
            return
        try:
            await self._found(playbook, roles, actor, doing, fresh=fresh)
        except SourceError:
            # Slack away never stops a rollback: then the host's word is what it is for other accounts.
            if not actor.at_terminal:
                raise

    async def _found(
        self, playbook: Playbook, roles: tuple[str, ...], actor: Actor, doing: str, *, fresh: bool
    ) -> Members:
        """The people of the first of these roles that the person is in."""
        for role in roles:
            members = await self._roles.members(playbook.roles[role], fresh=fresh)
            if actor.id in members.users:
                return members
        raise await self._without_role(playbook, roles, actor, doing)

    async def _without_role(
        self, playbook: Playbook, roles: tuple[str, ...], actor: Actor, doing: str
    ) -> NotAllowedError:
        who = ", ".join(_named(playbook, role) for role in roles)
        what = f"You may not {doing} {playbook.migration}"
        return await self._refused(playbook, actor, doing, what, do=f"Ask someone who is {who}")

    async def _refused(
        self, playbook: Playbook, actor: Actor, doing: str, what: str, *, do: str
    ) -> NotAllowedError:
        async with self._store.transaction() as tx:
            await tx.journal.record(
                at=self._clock.now(),
                actor=actor,
                kind="refused",
                subject=f"migration:{playbook.migration}",
                facts={"doing": doing, "why": what},
            )
        return NotAllowedError(what, do=do)


def _named(playbook: Playbook, role: str) -> str:
    return f"{role} ({playbook.roles[role].described()})"
