"""views.*: opening, stacking, changing and publishing views."""

from bot.sandbox.block_kit.surfaces import MOST_VIEW_BYTES, view_problems
from bot.sandbox.json_values import JsonObject, as_object, dump
from bot.sandbox.triggers import TriggerError
from bot.sandbox.views import View, ViewStackFullError
from bot.sandbox.web_api.call import Call, Method
from bot.sandbox.web_api.errors import ApiError


async def open_view(call: Call) -> JsonObject:
    definition = _definition(call, kind="modal")
    user = _exchange_trigger(call)
    return {"view": call.workspace.views.open(user=user, definition=definition).body}


async def push(call: Call) -> JsonObject:
    definition = _definition(call, kind="modal")
    user = _exchange_trigger(call)
    try:
        return {"view": call.workspace.views.push(user=user, definition=definition).body}
    except ViewStackFullError:
        raise ApiError("push_limit_reached") from None


async def update(call: Call) -> JsonObject:
    views = call.workspace.views
    view_id, external_id = call.arguments.text("view_id"), call.arguments.text("external_id")
    if view_id is not None:
        view = views.find(view_id)
    elif external_id is not None:
        view = views.find_external(external_id)
    else:
        raise ApiError("invalid_arguments", messages=("[ERROR] missing view_id or external_id",))
    if view is None:
        raise ApiError("not_found")
    definition = _definition(call, kind=str(view.body["type"]), of=view)
    _check_hash(call, view)
    return {"view": views.update(view, definition).body}


async def publish(call: Call) -> JsonObject:
    user = call.arguments.required("user_id")
    if call.workspace.directory.person(user) is None:
        raise ApiError("user_not_found")
    definition = _definition(call, kind="home")
    known = call.workspace.views.home(user)
    if known is not None:
        _check_hash(call, known)
    return {"view": call.workspace.views.publish(user=user, definition=definition).body}


def _definition(call: Call, *, kind: str, of: View | None = None) -> JsonObject:
    given = call.arguments.structure("view")
    if given is None:
        raise ApiError("invalid_arguments", messages=("[ERROR] missing required field: view",))
    definition = as_object(given)
    if len(dump(definition).encode()) > MOST_VIEW_BYTES:
        raise ApiError("view_too_large")
    problems = view_problems(definition)
    if definition.get("type") != kind:
        problems.append(f"[ERROR] must be a {kind} view [json-pointer:/view/type]")
    if problems:
        raise ApiError("invalid_arguments", messages=tuple(problems))
    external_id = definition.get("external_id")
    if external_id:
        other = call.workspace.views.find_external(str(external_id))
        if other is not None and (of is None or other.id != of.id) and kind == "modal":
            raise ApiError("duplicate_external_id")
    return definition


def _exchange_trigger(call: Call) -> str:
    try:
        return call.workspace.triggers.exchange(call.arguments.required("trigger_id"))
    except TriggerError as error:
        raise ApiError(error.code) from None


def _check_hash(call: Call, view: View) -> None:
    expected = call.arguments.text("hash")
    if expected is not None and expected != view.hash:
        raise ApiError("hash_conflict")


METHODS: dict[str, Method] = {
    "views.open": open_view,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
