"""Faults, cuts and the log of a local workspace, for tests."""

import aiohttp

from bot.sandbox.json_values import JsonObject, as_list, as_object, dump, objects_in, parse


async def control(url: str, what: str, content: JsonObject | None = None) -> JsonObject:
    """POST to the workspace's control API: faults, disconnect, reset."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/_control/{what}", data=dump(content or {})) as response,
    ):
        answer = as_object(parse(await response.text()))
        if response.status != 200:
            raise AssertionError(answer)
        return answer


async def call_log(url: str, method: str | None = None) -> list[JsonObject]:
    """The Web API's calls so far, of one method or of all."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{url}/_control/log") as response,
    ):
        content = as_object(parse(await response.text()))
    calls = objects_in(as_list(content["calls"]))
    return [call for call in calls if method in (None, call["method"])]
