"""Who is in a role: listed users, or a Slack user group, read when it counts."""

import asyncio
from datetime import datetime, timedelta

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import SourceError
from bot.domain.playbook.people import Role
from bot.ports.clock import Clock
from bot.ports.roles import Members
from bot.store.store import Store

# A press is acknowledged within 250 ms: a membership is read at most this often, and no slower.
FRESH_FOR = timedelta(seconds=15)
ANSWER_SECONDS = 2.0
# DESIGN, "Roles and identity": the age a copy may have while Slack is away.
COPY_GOOD_FOR = timedelta(hours=24)

log = structlog.get_logger()


class SlackRoles:
    """Reads user groups by their handles; the last copy serves while Slack cannot be reached."""

    def __init__(self, *, client: AsyncWebClient, store: Store, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._read: dict[str, tuple[datetime, frozenset[str]]] = {}
        self._group_ids: dict[str, str] = {}

    async def members(self, role: Role, *, fresh: bool = False) -> Members:
        """Who is in the role. Raises SourceError when Slack is away and there is no fresh copy."""
        if role.usergroup is None:
            return Members(frozenset(role.users))
        now = self._clock.now()
        known = self._read.get(role.usergroup)
        if not fresh and known is not None and now - known[0] < FRESH_FOR:
            return self._members(role.usergroup, known[1])
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                users = await self._ask(role.usergroup)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("roles.slack_away", usergroup=role.usergroup, problem=type(error).__name__)
            return await self._copy(role.usergroup, now)
        self._read[role.usergroup] = (now, users)
        async with self._store.transaction() as tx:
            await tx.role_copies.keep(role.usergroup, users, read_at=now)
        return self._members(role.usergroup, users)

    async def _ask(self, usergroup: str) -> frozenset[str]:
        if usergroup not in self._group_ids:
            listed = await self._client.usergroups_list()
            self._group_ids = {group["handle"]: group["id"] for group in listed["usergroups"]}
        if usergroup not in self._group_ids:
            raise SourceError(
                f"Slack has no user group @{usergroup}",
                do="Create it, or list the role's users in the playbook",
            )
        answer = await self._client.usergroups_users_list(usergroup=self._group_ids[usergroup])
        return frozenset(answer["users"])

    async def _copy(self, usergroup: str, now: datetime) -> Members:
        async with self._store.reading() as tx:
            copy = await tx.role_copies.find(usergroup)
        if copy is None or now - copy[1] > COPY_GOOD_FOR:
            raise SourceError(
                f"Who is in @{usergroup} cannot be known: Slack does not answer",
                do="Try again when Slack answers",
            )
        return self._members(usergroup, copy[0], as_of=copy[1])

    def _members(self, usergroup: str, users: frozenset[str], *, as_of: datetime | None = None) -> Members:
        return Members(users, as_of=as_of, group=self._group_ids.get(usergroup, ""))
