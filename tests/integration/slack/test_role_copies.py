"""Copies of the roles are there before Slack goes away, without anybody's press."""

import asyncio
from datetime import timedelta

from bot.domain.playbook.people import Role
from bot.slack.role_copies import BETWEEN_GROUPS, READ_EVERY, RoleCopies
from tests.fakes.clock import FakeClock
from tests.fakes.roles import FakeRoles

ROLES = (
    Role(usergroup="oncall"),
    Role(users=("U0123",)),
    Role(usergroup="board"),
    Role(usergroup="oncall"),
)


async def test_each_user_group_is_read_every_hour_and_goes_on_being_read_after_slack_was_away(
    clock: FakeClock,
) -> None:
    directory = FakeRoles({"oncall": {"U0SAM"}, "board": {"U0ANA"}})
    reading = asyncio.create_task(RoleCopies(roles=ROLES, directory=directory, clock=clock).run())

    async def once(pause: timedelta) -> None:
        await clock.asleep(pause.total_seconds())
        clock.advance(pause.total_seconds())

    try:
        directory.away = True
        for pause in (BETWEEN_GROUPS, BETWEEN_GROUPS, READ_EVERY):
            await once(pause)
        directory.away = False
        for pause in (BETWEEN_GROUPS, BETWEEN_GROUPS):
            await once(pause)
        await clock.asleep(READ_EVERY.total_seconds())
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    assert directory.asked == [("oncall", True), ("board", True)] * 2
