"""Who is in a role: read from Slack when it counts, from a copy while Slack is away."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import SourceError
from bot.domain.playbook.people import Role
from bot.ports.roles import Members
from bot.sandbox.server import RunningWorkspace
from bot.slack.roles import SlackRoles
from bot.store.store import Store
from tests.e2e.workspace_control import call_log, control
from tests.fakes.clock import FakeClock

ONCALL = Role(usergroup="planwise-oncall")
PEOPLE = frozenset({"U0ONCALL", "U0SECOND"})


@pytest.fixture
def roles(client: AsyncWebClient, store: Store, clock: FakeClock) -> SlackRoles:
    return SlackRoles(client=client, store=store, clock=clock)


async def _slack_is_away(workspace: RunningWorkspace, mode: str = "500") -> None:
    await control(workspace.url, "faults", {"api": mode})


async def test_the_members_of_a_group_are_read_by_its_handle(roles: SlackRoles) -> None:
    assert await roles.members(ONCALL) == Members(PEOPLE)
    assert (await roles.members(Role(usergroup="planwise-data"))).users == {"U0DATA"}


async def test_listed_people_need_no_slack(roles: SlackRoles, workspace: RunningWorkspace) -> None:
    assert (await roles.members(Role(users=("U0123", "U0456")))).users == {"U0123", "U0456"}
    assert await call_log(workspace.url) == []


async def test_a_user_group_is_called_by_its_id_and_where_that_is_not_known_by_its_people(
    roles: SlackRoles, workspace: RunningWorkspace, client: AsyncWebClient, store: Store, clock: FakeClock
) -> None:
    for _ in range(2):
        assert (await roles.members(ONCALL)).called == ("S0ONCALL",)
    await _slack_is_away(workspace)
    assert (await roles.members(ONCALL, fresh=True)).called == ("S0ONCALL",)
    restarted = SlackRoles(client=client, store=store, clock=clock)
    assert (await restarted.members(ONCALL)).called == ("U0ONCALL", "U0SECOND")
    assert (await roles.members(Role(users=("U0456", "U0123")))).called == ("U0123", "U0456")


async def test_a_membership_is_read_again_after_some_seconds_or_when_it_has_to_be_fresh(
    roles: SlackRoles, workspace: RunningWorkspace, clock: FakeClock
) -> None:
    for _ in range(3):
        await roles.members(ONCALL)
    assert len(await call_log(workspace.url, "usergroups.users.list")) == 1
    await roles.members(ONCALL, fresh=True)
    assert len(await call_log(workspace.url, "usergroups.users.list")) == 2
    clock.advance(15)
    await roles.members(ONCALL)
    assert len(await call_log(workspace.url, "usergroups.users.list")) == 3
    assert len(await call_log(workspace.url, "usergroups.list")) == 1


@pytest.mark.parametrize("mode", ["500", "429", "hang"])
async def test_while_slack_is_away_the_copy_serves_and_says_how_old_it_is(
    roles: SlackRoles, workspace: RunningWorkspace, clock: FakeClock, mode: str
) -> None:
    read_at = clock.now()
    await roles.members(ONCALL)
    clock.advance(hours=24)
    await _slack_is_away(workspace, mode)
    assert await roles.members(ONCALL) == Members(PEOPLE, as_of=read_at)


async def test_a_copy_serves_after_a_restart(
    roles: SlackRoles, client: AsyncWebClient, store: Store, clock: FakeClock, workspace: RunningWorkspace
) -> None:
    await roles.members(ONCALL)
    await _slack_is_away(workspace)
    restarted = SlackRoles(client=client, store=store, clock=clock)
    assert (await restarted.members(ONCALL)).users == PEOPLE


async def test_a_copy_that_is_older_than_a_day_is_not_used(
    roles: SlackRoles, workspace: RunningWorkspace, clock: FakeClock
) -> None:
    await roles.members(ONCALL)
    clock.advance(hours=24, seconds=1)
    await _slack_is_away(workspace)
    with pytest.raises(SourceError, match="@planwise-oncall cannot be known: Slack does not answer"):
        await roles.members(ONCALL)


async def test_without_a_copy_nobody_is_guessed(roles: SlackRoles, workspace: RunningWorkspace) -> None:
    await _slack_is_away(workspace)
    with pytest.raises(SourceError, match="cannot be known"):
        await roles.members(ONCALL)


async def test_a_copy_is_replaced_by_what_was_read_last(
    roles: SlackRoles, store: Store, clock: FakeClock
) -> None:
    async with store.transaction() as tx:
        await tx.role_copies.keep("planwise-oncall", frozenset({"U0OLD"}), read_at=clock.now())
    await roles.members(ONCALL)
    async with store.reading() as tx:
        assert await tx.role_copies.find("planwise-oncall") == (PEOPLE, clock.now())
        assert await tx.role_copies.find("planwise-data") is None


async def test_a_group_that_slack_does_not_have_is_told_with_what_to_do(roles: SlackRoles) -> None:
    with pytest.raises(SourceError, match="Slack has no user group @planwise-oncal") as error:
        await roles.members(Role(usergroup="planwise-oncal"))
    assert "list the role's users" in error.value.do
