"""Submitting and closing modals."""

from dataclasses import replace

from bot.sandbox.block_kit.surfaces import view_problems
from bot.sandbox.delivery import Receipt
from bot.sandbox.identity import interaction_part
from bot.sandbox.input_state import refusals
from bot.sandbox.interactions.failure_notices import tell_failure
from bot.sandbox.interactions.refusal import RefusedError
from bot.sandbox.json_values import JsonObject, as_object, as_text
from bot.sandbox.views import View, ViewStackFullError
from bot.sandbox.workspace import Workspace


async def submit(workspace: Workspace, *, user: str, view_id: str, values: JsonObject) -> Receipt:
    """Submit a modal and do what the app answers. Raises RefusedError."""
    view = workspace.views.fill_in(_own_view(workspace, user=user, view_id=view_id), values)
    state = as_object(view.body["state"])
    missing = refusals(view.body.get("blocks"), state["values"])
    if missing:
        workspace.views.show_errors(view, missing)
        answer: JsonObject = {"response_action": "errors", "errors": missing}
        return Receipt(delivered=False, acknowledged=False, response=answer)
    payload: JsonObject = {
        **interaction_part(workspace.directory, kind="view_submission", user=user),
        "trigger_id": workspace.triggers.issue(user=user),
        "view": view.body,
        "response_urls": [],
    }
    receipt = await workspace.delivery.deliver("interactive", payload)
    if receipt.acknowledged and not _apply(workspace, view, receipt.response or {}):
        receipt = replace(receipt, error="invalid_response")
    tell_failure(workspace, user=user, what="The submission", receipt=receipt)
    return receipt


async def close(workspace: Workspace, *, user: str, view_id: str) -> Receipt:
    """Close a modal; the app hears of it when it asked to. Raises RefusedError."""
    view = _own_view(workspace, user=user, view_id=view_id)
    cleared = view.body.get("clear_on_close") is True
    if cleared:
        workspace.views.close_all(user)
    else:
        workspace.views.close(view)
    if view.body.get("notify_on_close") is not True:
        return Receipt(delivered=False, acknowledged=False)
    payload: JsonObject = {
        **interaction_part(workspace.directory, kind="view_closed", user=user),
        "view": view.body,
        "is_cleared": cleared,
    }
    return await workspace.delivery.deliver("interactive", payload)


def _own_view(workspace: Workspace, *, user: str, view_id: str) -> View:
    view = workspace.views.find(view_id)
    if view is None or view.user != user or view.body.get("type") != "modal":
        raise RefusedError(f"{user} has no modal {view_id} open")
    return view


def _apply(workspace: Workspace, view: View, answer: JsonObject) -> bool:
    """Do what the app answered to a submission; false when Slack would not take the answer."""
    current = workspace.views.find(view.id)
    action = as_text(answer.get("response_action"))
    if current is None:
        # The app has changed the stack by the Web API in the meantime.
        return True
    if action == "errors":
        return _show_errors(workspace, current, as_object(answer.get("errors")))
    if action in ("update", "push"):
        return _show_view(workspace, current, as_object(answer.get("view")), push=action == "push")
    if action == "clear":
        workspace.views.close_all(view.user)
    elif not action:
        workspace.views.close(current)
    return action in ("", "clear")


def _show_errors(workspace: Workspace, view: View, errors: JsonObject) -> bool:
    inputs = set(as_object(as_object(view.body["state"])["values"]))
    if not errors or not set(errors) <= inputs:
        return False
    workspace.views.show_errors(view, errors)
    return True


def _show_view(workspace: Workspace, view: View, definition: JsonObject, *, push: bool) -> bool:
    if view_problems(definition):
        return False
    if not push:
        workspace.views.update(view, definition)
        return True
    try:
        workspace.views.push(user=view.user, definition=definition)
    except ViewStackFullError:
        return False
    return True
