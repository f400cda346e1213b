"""users.* and usergroups.*."""

from bot.sandbox.json_values import JsonObject, as_object
from bot.sandbox.web_api.call import Call, Method
from bot.sandbox.web_api.errors import ApiError
from bot.sandbox.web_api.paging import page
from bot.sandbox.web_api.scopes import has_scope


async def user_info(call: Call) -> JsonObject:
    return {"user": _user(call, call.arguments.required("user"))}


async def list_users(call: Call) -> JsonObject:
    everyone = [*call.workspace.directory.people, call.workspace.seed.bot_user_id]
    found, metadata = page(everyone, call.arguments, default=1000, most=1000)
    return {"members": [_user(call, user) for user in found], "response_metadata": metadata}


async def list_usergroups(call: Call) -> JsonObject:
    with_users = call.arguments.flag("include_users")
    groups: list[JsonObject] = []
    for group in call.workspace.seed.usergroups:
        item: JsonObject = {
            "id": group.id,
            "team_id": call.workspace.seed.team_id,
            "is_usergroup": True,
            "name": group.name,
            "handle": group.handle,
            "description": "",
            "date_delete": 0,
            "user_count": len(group.members),
        }
        if with_users:
            item["users"] = list(group.members)
        groups.append(item)
    return {"usergroups": groups}


async def list_usergroup_users(call: Call) -> JsonObject:
    group = call.workspace.directory.usergroup(call.arguments.required("usergroup"))
    if group is None:
        raise ApiError("subteam_not_found")
    return {"users": list(group.members)}


def _user(call: Call, user_id: str) -> JsonObject:
    user = call.workspace.directory.user_object(user_id)
    if user is None:
        raise ApiError("user_not_found")
    if not has_scope(call.workspace.manifest, "users:read.email"):
        profile = as_object(user["profile"])
        del profile["email"]
        user["profile"] = profile
    return user


METHODS: dict[str, Method] = {
    "users.info": user_info,
    "users.list": list_users,
    "usergroups.list": list_usergroups,
    "usergroups.users.list": list_usergroup_users,
}
