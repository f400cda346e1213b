"""Who may ask for a decision, answer its questions, decide, and take it back."""

from bot.domain.decision import Decision
from bot.domain.errors import RefusedError
from bot.domain.person import Actor
from bot.domain.playbook.cutover import Cutover
from bot.domain.playbook.document import Playbook
from bot.ports.roles import Members
from bot.services.role_rights import RoleRights


def cutover_of(playbook: Playbook) -> Cutover:
    """What is declared of the cutover. Raises RefusedError where nothing is."""
    if playbook.cutover is None:
        what = f"The playbook of {playbook.migration} declares no cutover"
        raise RefusedError(what, do="Add the part “cutover” to it")
    return playbook.cutover


def asking_roles(playbook: Playbook, kind: str) -> tuple[str, ...]:
    """The roles that may ask: the cutover's own, and for a phase the one that decides as well."""
    asking = (playbook.cutover.requested_by,) if playbook.cutover else ()
    if kind == "cutover":
        return asking
    decides = playbook.current_phase.decided_by
    return tuple(dict.fromkeys((*asking, *((decides,) if decides else ()))))


class DecidingRights(RoleRights):
    """What is decided by people, and who may."""

    async def may_ask_for(self, playbook: Playbook, kind: str, actor: Actor) -> None:
        """A role that may ask, read anew. Raises NotAllowedError, with the reason.

        An account of the host that could be anybody in Slack does not ask: it could approve there.
        """
        doing = f"ask for a {'cutover' if kind == 'cutover' else 'move to the next phase'} of"
        if actor.unmapped:
            what = (
                f"Others have to approve this, and the playbook does not say who the account "
                f"{actor.account} is in Slack"
            )
            do = f"Ask for it in Slack, or add to the playbook: people: {{{actor.account}: U…}}"
            raise await self._refused(playbook, actor, doing, what, do=do)
        await self._require(playbook, asking_roles(playbook, kind), actor, doing, fresh=True)

    async def may_answer(self, playbook: Playbook, actor: Actor) -> None:
        """The role that asks for the cutover. Raises NotAllowedError."""
        await self._require(playbook, asking_roles(playbook, "cutover"), actor, "prepare the cutover of")

    async def may_look(self, playbook: Playbook, actor: Actor) -> None:
        """Anybody with a role in the migration. Raises NotAllowedError."""
        await self._require(playbook, tuple(playbook.roles), actor, "see and question decisions about")

    async def may_take_back(self, playbook: Playbook, decision: Decision, actor: Actor) -> None:
        """Who asked, and a role that may ask. Raises NotAllowedError."""
        if actor.id != decision.asked_by.id:
            roles = asking_roles(playbook, decision.kind) or tuple(playbook.roles)
            await self._require(playbook, roles, actor, f"withdraw the {decision.kind} of", fresh=True)

    async def may_decide(
        self, playbook: Playbook, decision: Decision, actor: Actor, *, fresh: bool = True
    ) -> None:
        """The role that decides, for somebody who did not ask; never at the terminal.

        Raises NotAllowedError, with the reason, and SourceError when only a copy could be read.
        """
        doing = f"decide on the {decision.kind} of"
        if why := decision.refuses(actor):
            do = f"Somebody else who is {decision.role} has to decide it"
            raise await self._refused(playbook, actor, doing, why, do=do)
        members = await self.deciders(playbook, decision, fresh=fresh)
        if actor.id not in members.users:
            raise await self._without_role(playbook, (decision.role,), actor, doing)

    async def deciders(self, playbook: Playbook, decision: Decision, *, fresh: bool = True) -> Members:
        """The people of the role that decides, as they are now.

        Raises SourceError when only a copy could be read: people count who are in the role when they are
        counted.
        """
        if decision.role not in playbook.roles:
            # Nobody is in a role that is gone; what people said in it does not count.
            return Members(frozenset())
        return await self._certain(playbook, decision.role, fresh=fresh)
