"""Socket Mode against a real Bolt app."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.sandbox.server import RunningWorkspace
from tests.e2e.workspace import Person, signed_in
from tests.integration.sandbox.conftest import socket_connection


async def test_a_command_reaches_the_app_and_its_answer_is_shown_to_the_person_alone(
    workspace: RunningWorkspace, bolt: AsyncApp, sam: Person
) -> None:
    got: list[dict[str, Any]] = []

    @bolt.command("/trial")
    async def trial(ack: Any, command: dict[str, Any]) -> None:
        got.append(command)
        await ack("on its way")

    async with socket_connection(bolt):
        answer = await sam.command("incidents", "/trial now and here")
        assert answer["acknowledged"] is True
        shown = await sam.wait_for_message("incidents", containing="on its way")
        assert shown["ephemeral"] is True
        async with signed_in(workspace.url, "U0GUEST") as robin:
            assert robin.messages("incidents") == []
    assert got[0]["command"] == "/trial"
    assert got[0]["text"] == "now and here"
    assert got[0]["user_id"] == "U0ONCALL"
    assert got[0]["user_name"] == "sam.okafor"
    assert got[0]["channel_name"] == "incidents"
    assert got[0]["is_enterprise_install"] == "false"


async def test_a_command_without_a_connected_app_says_that_the_app_is_not_running(
    sam: Person,
) -> None:
    answer = await sam.command("incidents", "/trial")
    assert answer["delivered"] is False
    assert answer["error"] == "no_connection"
    notice = await sam.wait_for_notice("/trial failed")
    assert notice == "/trial failed because the app is not running (no connection)"


async def test_an_app_that_does_not_acknowledge_is_reported_to_the_person(
    bolt: AsyncApp, sam: Person
) -> None:
    @bolt.command("/trial")
    async def trial() -> None:
        """Never acknowledges."""

    async with socket_connection(bolt):
        answer = await sam.command("incidents", "/trial")
        assert answer["error"] == "operation_timeout"
        notice = await sam.wait_for_notice("/trial failed")
        assert "did not respond within 0.5 seconds (operation_timeout)" in notice
