"""Whether a person is in a role: it is read when it counts, and a refusal is audited."""

from bot.domain.errors import NotAllowedError, SourceError
from bot.domain.person import Actor
from bot.domain.playbook.document import Playbook
from bot.ports.clock import Clock
from bot.ports.roles import Members, RoleDirectory
from bot.store.store import Store

People = frozenset[str]


class RoleRights:
    """Asks the role directory and refuses people without the role. A subclass says what takes which."""

    def __init__(self, *, roles: RoleDirectory, store: Store, clock: Clock) -> None:
        self._roles = roles
        self._store = store
        self._clock = clock

    async def _counting(
        self, playbook: Playbook, role: str, actor: Actor, doing: str, *, fresh: bool = True
    ) -> People:
        """The people of a role for one of them, where each of them counts."""
        members = await self._certain(playbook, role, fresh=fresh)
        if actor.id not in members.users:
            raise await self._without_role(playbook, (role,), actor, doing)
        return members.users

    async def _certain(self, playbook: Playbook, role: str, *, fresh: bool) -> Members:
        """The people of a role as they are now: no copy will do."""
        members = await self._roles.members(playbook.roles[role], fresh=fresh)
        if members.as_of is not None:
            what = f"Who is {named(playbook, role)} cannot be read now: Slack does not answer"
            raise SourceError(what, do="Do it again when Slack answers")
        return members

    async def _in_slack(
        self, playbook: Playbook, actor: Actor, doing: str, *, do: str = "Press the button in Slack"
    ) -> None:
        if actor.at_terminal:
            what = f"Nobody may {doing} {playbook.migration} at the terminal"
            raise await self._refused(playbook, actor, doing, what, do=do)

    async def _owns(
        self, playbook: Playbook, role: str, actor: Actor, doing: str, *, otherwise: str, fresh: bool = True
    ) -> None:
        """The role that owns it, which the playbook may have lost since: at the terminal it is done then."""
        if role in playbook.roles:
            await self._require(playbook, (role,), actor, doing, fresh=fresh)
        elif not actor.at_terminal:
            what = f"Nobody may {doing} {playbook.migration}: the playbook has no role “{role}” any more"
            do = f"Add the role, or {otherwise} at the terminal"
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
        who = ", ".join(named(playbook, role) for role in roles)
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


def named(playbook: Playbook, role: str) -> str:
    """A role, and who is in it."""
    return f"{role} ({playbook.roles[role].described()})"
