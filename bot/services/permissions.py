"""Who may do what in a migration."""

from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.domain.review import Review
from bot.domain.start_request import StartRequest
from bot.domain.statement import Statement
from bot.domain.wanted_statement import Wanted
from bot.ports.clock import Clock
from bot.ports.roles import Members, RoleDirectory
from bot.services.phases import Phases
from bot.services.role_rights import People, RoleRights, named
from bot.store.store import Store


class Permissions(RoleRights):
    """What is done in a migration, decisions apart, and who may do it."""

    def __init__(self, *, roles: RoleDirectory, phases: Phases, store: Store, clock: Clock) -> None:
        super().__init__(roles=roles, store=store, clock=clock)
        self._phases = phases

    async def may_reconcile(self, playbook: Playbook, actor: Actor) -> None:
        """Anybody with a role in the migration. Raises NotAllowedError."""
        await self._require(playbook, tuple(playbook.roles), actor, "reconcile")

    async def may_see_gates(self, playbook: Playbook, actor: Actor) -> None:
        """Anybody with a role in the migration. Raises NotAllowedError."""
        await self._require(playbook, tuple(playbook.roles), actor, "see the gates of")

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
            do = f"Somebody else who is {named(playbook, role)} has to approve it"
            raise await self._refused(playbook, actor, "approve the rollback", why, do=do)
        return await self._counting(playbook, role, actor, "approve the rollback of", fresh=fresh)

    async def may_review(self, playbook: Playbook, review: Review, actor: Actor) -> None:
        """The role that should have approved, or any where that is gone, and not who went on alone.

        Raises NotAllowedError, with the reason.
        """
        roles = (review.role,) if review.role in playbook.roles else tuple(playbook.roles)
        if why := review.refuses(actor):
            who = ", ".join(named(playbook, role) for role in roles)
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
        await self._in_slack(playbook, actor, doing, do="Press the button below its record in Slack")
        if role not in playbook.roles:
            what = f"Nobody may {doing} {playbook.migration}: the playbook has no such role any more"
            raise await self._refused(playbook, actor, doing, what, do="Add the role to the playbook")
        await self._require(playbook, (role,), actor, doing, fresh=True)

    async def may_state(
        self, playbook: Playbook, asked: Wanted, actor: Actor, *, spoke_as: str = "", fresh: bool = True
    ) -> People:
        """The people of the role that signs or votes, for one of them; never at the terminal.

        `spoke_as` is the other role in which they have spoken about the gate already. Raises
        NotAllowedError, with the reason, and SourceError when only a copy could be read.
        """
        doing = f"{'vote' if asked.is_vote else 'sign'} as {asked.role} for"
        await self._in_slack(playbook, actor, doing)
        if spoke_as:
            what = f"You have spoken as {spoke_as} about {asked.gate_title}, and count in one role there"
            do = f"Somebody else has to do it as {named(playbook, asked.role)}"
            raise await self._refused(playbook, actor, doing, what, do=do)
        return await self._counting(playbook, asked.role, actor, doing, fresh=fresh)

    async def may_withdraw(self, playbook: Playbook, statement: Statement, actor: Actor) -> None:
        """Whose statement it is, in Slack. Raises NotAllowedError."""
        doing = "withdraw a statement about"
        await self._in_slack(playbook, actor, doing)
        if actor.id != statement.by.id:
            what = f"This was {statement.said} by {statement.by.name}, and nobody else withdraws it"
            raise await self._refused(playbook, actor, doing, what, do=f"Ask {statement.by.name}")

    async def may_ask_for_statements(self, playbook: Playbook, actor: Actor) -> None:
        """Anybody with a role in the migration. Raises NotAllowedError."""
        await self._require(playbook, tuple(playbook.roles), actor, "ask for signatures and votes about")

    async def may_follow_up(self, playbook: Playbook, role: str, actor: Actor) -> None:
        """The role that owns a follow-up; at the terminal anybody, where the playbook has lost it.

        Raises NotAllowedError.
        """
        await self._owns(
            playbook, role, actor, "settle this follow-up of", otherwise="settle it", fresh=False
        )

    async def may_lead_cutover(self, playbook: Playbook, role: str, actor: Actor) -> None:
        """The role that asks for the cutover, read anew. Raises NotAllowedError."""
        await self._require(playbook, (role,), actor, "decide about the day of the cutover of", fresh=True)

    async def may_assess(self, playbook: Playbook, role: str, actor: Actor) -> None:
        """The role that says how the cutover went, read anew: the next phase rests on it.

        Raises NotAllowedError.
        """
        await self._require(playbook, (role,), actor, "assess the cutover of", fresh=True)

    async def may_comment(self, playbook: Playbook, actor: Actor) -> None:
        """Anybody with a role in the migration may see and comment discrepancies. Raises NotAllowedError."""
        await self._require(playbook, tuple(playbook.roles), actor, "see and comment discrepancies of")

    async def may_judge(self, playbook: Playbook, role: str, actor: Actor) -> None:
        """The role that owns the check, read anew: what it explains may count as clean.

        Where the playbook has lost the role, nobody but at the terminal. Raises NotAllowedError.
        """
        doing = "explain, accept, assign or reopen this discrepancy of"
        await self._owns(playbook, role, actor, doing, otherwise="do it")

    async def may_export_rows(self, playbook: Playbook, role: str, actor: Actor) -> None:
        """The role that owns the check, read anew: the whole list leaves the channel as a file.

        Raises NotAllowedError, for everybody in Slack when the playbook has lost the role.
        """
        await self._owns(playbook, role, actor, "get all rows of this check of", otherwise="get them")
