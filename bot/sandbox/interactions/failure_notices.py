"""What a person is told when the app does not answer."""

from bot.sandbox.delivery import Receipt
from bot.sandbox.workspace import Workspace


def tell_failure(workspace: Workspace, *, user: str, what: str, receipt: Receipt) -> None:
    """Show a notice when a delivery failed; `what` is its subject."""
    if receipt.error is None:
        return
    seconds = workspace.settings.ack_timeout
    wait = "1 second" if seconds == 1 else f"{seconds:g} seconds"
    reasons = {
        "operation_timeout": f"the app did not respond within {wait}",
        "no_connection": "the app is not running",
        "dispatch_failed": "the app could not be reached",
        "invalid_response": "the app gave an answer that Slack does not take",
    }
    reason = reasons.get(receipt.error, "of an error")
    code = receipt.error.replace("no_connection", "no connection")
    workspace.pages.notice(user=user, text=f"{what} failed because {reason} ({code})")
