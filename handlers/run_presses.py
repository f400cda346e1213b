"""Buttons and modals of a run."""

import re
from collections.abc import Mapping
from typing import cast, get_args

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.step_decision import NEEDS_REASON, StepDecision
from bot.services.services import Services
from bot.slack import action_ids as ids
from bot.slack.views import modals
from handlers.answers import Answers
from handlers.opening import open_modal
from handlers.payloads import Press, Submission

Body = Mapping[str, object]
_DECISIONS = "|".join(get_args(StepDecision))


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to the presses of a run's message and to its modals."""

    async def decided(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = Press.model_validate(body)
        shown = ids.Shown.parse(press.button.value)
        decision = cast(StepDecision, press.button.detail)
        if decision in NEEDS_REASON:
            doing = _ask_reason(services, client, press, decision)
        else:
            doing = _decide(services, shown, decision, "", press)
        await answers.press(ack, respond, doing)

    async def reasoned(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        shown = ids.Shown.parse(submission.view.private_metadata)
        decision = cast(StepDecision, submission.view.detail)
        doing = _decide(services, shown, decision, submission.typed("reason"), submission)
        await answers.submission(ack, doing, field="reason")

    async def evidence(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = Press.model_validate(body)
        await answers.press(ack, respond, _show_evidence(services, client, press))

    app.action(re.compile(rf"^{re.escape(ids.STEP)}:({_DECISIONS})$"))(decided)
    app.action(ids.EVIDENCE)(evidence)
    app.view(re.compile(rf"^{ids.STEP_MODAL}:({_DECISIONS})$"))(reasoned)


async def _decide(
    services: Services, shown: ids.Shown, decision: StepDecision, reason: str, by: Press | Submission
) -> None:
    await services.steering.decide(
        shown.subject,
        step=shown.step,
        attempt=shown.version,
        decision=decision,
        reason=reason,
        actor=by.user.actor,
    )


async def _ask_reason(
    services: Services, client: AsyncWebClient, press: Press, decision: StepDecision
) -> None:
    shown = ids.Shown.parse(press.button.value)
    run = await services.steering.shown(shown.subject, actor=press.user.actor)
    view = modals.step_reason(run, run.state(shown.step), decision)
    await open_modal(client, trigger_id=press.trigger_id, view=view)


async def _show_evidence(services: Services, client: AsyncWebClient, press: Press) -> None:
    shown = ids.Shown.parse(press.button.value)
    run = await services.steering.get(shown.subject)
    view = modals.evidence(run, run.state(shown.step))
    await open_modal(client, trigger_id=press.trigger_id, view=view)
