"""The Bolt application with every listener of ours."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.services import Services
from handlers import (
    commands,
    cutover_command,
    cutover_day,
    decision_presses,
    discrepancy_presses,
    dry_run,
    follow_up_presses,
    gates,
    home,
    phase,
    reconcile_presses,
    rehearsals,
    run_presses,
    start_presses,
    statement_presses,
    steering_presses,
    walk_presses,
)
from handlers.answers import Answers

log = structlog.get_logger()


def bolt_app(
    *,
    services: Services,
    client: AsyncWebClient,
    authorize: Callable[[], Awaitable[AuthorizeResult]],
    signing_secret: str | None,
    answers: Answers,
) -> AsyncApp:
    """A listener runs inside the acknowledgement: what it commits is committed before Slack is told.

    `authorize` says who the bot's token is; it is asked at the start, and not in the first request.
    """

    async def authorized() -> AuthorizeResult:
        # Bolt passes arguments by their names, `self` too: it takes a plain function only.
        return await authorize()

    app = AsyncApp(
        client=client,
        authorize=authorized,
        signing_secret=signing_secret,
        process_before_response=True,
        # Without a secret only Socket Mode reaches us, whose connection is authenticated by its token.
        request_verification_enabled=signing_secret is not None,
    )
    of_rollbacks = (walk_presses, dry_run, start_presses, run_presses, steering_presses, rehearsals)
    of_reconciling = (reconcile_presses, discrepancy_presses, follow_up_presses)
    of_decisions = (gates, statement_presses, cutover_command, decision_presses, cutover_day, phase)
    for kind in (commands, home, *of_rollbacks, *of_reconciling, *of_decisions):
        kind.register(app, services, answers)

    @app.error
    async def broken(error: Exception, body: Mapping[str, object]) -> BoltResponse:
        log.error("handler.broke", kind=body.get("type") or body.get("command"), exc_info=error)
        text = "⚠️ Something broke in Switchback, and nothing was changed. The log says what."
        if "command" in body:
            return BoltResponse(status=200, body=text)
        return BoltResponse(status=500, body="")

    return app
