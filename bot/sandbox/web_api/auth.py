"""auth.test and apps.connections.open."""

from bot.sandbox.json_values import JsonObject
from bot.sandbox.web_api.call import Call, Method


async def auth_test(call: Call) -> JsonObject:
    seed = call.workspace.seed
    return {
        "url": f"{call.workspace.url}/",
        "team": seed.team_name,
        "user": call.workspace.app_name.lower(),
        "team_id": seed.team_id,
        "user_id": seed.bot_user_id,
        "bot_id": seed.bot_id,
        "app_id": seed.app_id,
        "is_enterprise_install": False,
    }


async def connections_open(call: Call) -> JsonObject:
    base = call.workspace.url.replace("http", "ws", 1)
    ticket = call.workspace.socket_mode.new_ticket()
    return {"url": f"{base}/link/?ticket={ticket}&app_id={call.workspace.seed.app_id}"}


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "apps.connections.open": connections_open,
}
