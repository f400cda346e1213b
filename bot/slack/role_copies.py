"""Copies of the roles for when Slack is away: read every hour, whether or not anybody presses anything.

The last copy serves for 24 hours. Were it made by presses alone, there would be none in the night that
comes after a quiet day.
"""

from collections.abc import Iterable
from datetime import timedelta

import structlog

from bot.domain.errors import SwitchbackError
from bot.domain.playbook.people import Role
from bot.ports.clock import Clock
from bot.ports.roles import RoleDirectory

READ_EVERY = timedelta(hours=1)
# Slack's Tier 2, to which usergroups.users.list belongs, is 20 calls a minute; presses need some of them.
BETWEEN_GROUPS = timedelta(seconds=10)

log = structlog.get_logger()


class RoleCopies:
    """Has the directory read the user groups of the playbooks, which keeps what it reads."""

    def __init__(self, *, roles: Iterable[Role], directory: RoleDirectory, clock: Clock) -> None:
        self._groups = {role.usergroup: role for role in roles if role.usergroup is not None}
        self._directory = directory
        self._clock = clock

    async def run(self) -> None:
        """Read them again and again, for as long as the bot runs."""
        while True:
            for group, role in self._groups.items():
                # Before each one: a bot that starts has other calls to make first.
                await self._clock.sleep(BETWEEN_GROUPS.total_seconds())
                try:
                    await self._directory.members(role, fresh=True)
                except SwitchbackError as error:
                    log.warning("roles.not_copied", usergroup=group, problem=str(error))
            await self._clock.sleep(READ_EVERY.total_seconds())
