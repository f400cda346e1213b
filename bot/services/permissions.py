"""Who may do what: the role is read when it counts, and a refusal is audited."""

from bot.domain.errors import NotAllowedError
from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.ports.clock import Clock
from bot.ports.roles import RoleDirectory
from bot.store.store import Store

TERMINAL = "terminal:"


class Permissions:
    """Asks the role directory and refuses people without the role."""

    def __init__(self, *, roles: RoleDirectory, store: Store, clock: Clock) -> None:
        self._roles = roles
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
        role = playbook.rollback_role
        if role is None:
            what = f"{playbook.title} cannot be rolled back in phase “{playbook.phase}”"
            await self._refuse(playbook, actor, "roll back", what, do="Its legacy system is gone")
        else:
            await self._require(playbook, (role,), actor, "roll back", fresh=fresh)

    async def may_sign(self, playbook: Playbook, role: str, actor: Actor) -> None:
        """The role that a rehearsal is signed for, read anew; never at the terminal.

        Raises NotAllowedError.
        """
        doing = f"sign a rehearsal as {role} of"
        if actor.id.startswith(TERMINAL):
            what = f"Nobody may {doing} {playbook.migration} at the terminal"
            await self._refuse(playbook, actor, doing, what, do="Press the button below its record in Slack")
        if role not in playbook.roles:
            what = f"Nobody may {doing} {playbook.migration}: the playbook has no such role any more"
            await self._refuse(playbook, actor, doing, what, do="Add the role to the playbook")
        await self._require(playbook, (role,), actor, doing, fresh=True)

    async def may_follow_up(self, playbook: Playbook, role: str, actor: Actor) -> None:
        """The role that owns a follow-up, unless the playbook has lost it. Raises NotAllowedError."""
        doing = "settle this follow-up of"
        if role in playbook.roles:
            await self._require(playbook, (role,), actor, doing)
        else:
            what = f"Nobody may {doing} {playbook.migration}: the playbook has no role “{role}” any more"
            await self._refuse(playbook, actor, doing, what, do="Add the role, or settle it at the terminal")

    async def _require(
        self, playbook: Playbook, roles: tuple[str, ...], actor: Actor, doing: str, *, fresh: bool = False
    ) -> None:
        # An account of the host is trusted by the operating system; approvals are not given there.
        if actor.id.startswith(TERMINAL):
            return
        for role in roles:
            members = await self._roles.members(playbook.roles[role], fresh=fresh)
            if actor.id in members.users:
                return
        who = ", ".join(f"{role} ({playbook.roles[role].described()})" for role in roles)
        what = f"You may not {doing} {playbook.migration}"
        await self._refuse(playbook, actor, doing, what, do=f"Ask someone who is {who}")

    async def _refuse(self, playbook: Playbook, actor: Actor, doing: str, what: str, *, do: str) -> None:
        async with self._store.transaction() as tx:
            await tx.journal.record(
                at=self._clock.now(),
                actor=actor,
                kind="refused",
                subject=f"migration:{playbook.migration}",
                facts={"doing": doing, "why": what},
            )
        raise NotAllowedError(what, do=do)
