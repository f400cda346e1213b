"""Buttons and modals of a planned cutover and of its assessment."""

import re
from collections.abc import Mapping
from datetime import date

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.services import Services
from bot.slack import action_ids as ids
from bot.slack.views import cutover_day as view
from handlers.answers import Answers
from handlers.opening import open_modal
from handlers.payloads import Press, Submission

Body = Mapping[str, object]
_MODALS = {"anyway": view.begin_anyway, "put_off": view.put_off, "call_off": view.call_off}


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to what may be decided before the run, and to “Assess…”."""

    async def pressed(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = Press.model_validate(body)
        if press.button.detail == "again":
            shown = ids.Shown.parse(press.button.value)
            trying = services.cutovers.try_again(shown.subject, version=shown.version, actor=press.user.actor)
            await answers.press(ack, respond, trying)
        else:
            await answers.press(ack, respond, _open(services, client, press))

    async def submitted(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        await answers.submission(ack, _decide(services, submission), field="reason")

    async def asks_to_assess(
        ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        press = Press.model_validate(body)
        await answers.press(ack, respond, _open_assessment(services, client, press))

    async def assessed(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        assessing = services.assessments.assess(
            submission.view.private_metadata,
            went_well=submission.chosen("went") == view.WELL,
            text=submission.typed("reason"),
            actor=submission.user.actor,
        )
        await answers.submission(ack, assessing, field="reason")

    what = "|".join(_MODALS)
    app.action(re.compile(rf"^{re.escape(ids.CUTOVER_DAY)}:(again|{what})$"))(pressed)
    app.view(re.compile(rf"^{ids.CUTOVER_DAY_MODAL}:({what})$"))(submitted)
    app.action(ids.ASSESS)(asks_to_assess)
    app.view(ids.ASSESS_MODAL)(assessed)


async def _open(services: Services, client: AsyncWebClient, press: Press) -> None:
    shown = ids.Shown.parse(press.button.value)
    one = await services.cutovers.shown(shown.subject, version=shown.version, actor=press.user.actor)
    await open_modal(client, trigger_id=press.trigger_id, view=_MODALS[press.button.detail](one))


async def _decide(services: Services, submission: Submission) -> None:
    shown = ids.Shown.parse(submission.view.private_metadata)
    one, version, actor = shown.subject, shown.version, submission.user.actor
    reason = submission.typed("reason")
    match submission.view.detail:
        case "anyway":
            await services.cutovers.begin_anyway(one, version=version, reason=reason, actor=actor)
        case "put_off":
            day = date.fromisoformat(submission.chosen("day"))
            await services.cutovers.put_off(one, version=version, day=day, reason=reason, actor=actor)
        case _:
            await services.cutovers.call_off(one, version=version, reason=reason, actor=actor)


async def _open_assessment(services: Services, client: AsyncWebClient, press: Press) -> None:
    shown = ids.Shown.parse(press.button.value)
    item = await services.assessments.shown(shown.subject, actor=press.user.actor)
    await open_modal(client, trigger_id=press.trigger_id, view=view.assess(item))
