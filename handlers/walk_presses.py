"""Buttons and modals of a walk."""

import re
from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.confirmation import Confirmation
from bot.services.services import Services
from bot.slack import action_ids as ids
from bot.slack.views import modals
from handlers.answers import Answers
from handlers.bound import BoundConfirmation
from handlers.opening import open_modal
from handlers.payloads import Press, Submission

Body = Mapping[str, object]


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to the presses of a walk's message and to its modals."""

    async def pressed(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        press = Press.model_validate(body)
        shown, actor = ids.Shown.parse(press.button.value), press.user.actor
        walk, version = shown.subject, shown.version
        match press.button.action_id.partition(":")[0]:
            case ids.ANSWER:
                doing = services.walks.answer(walk, version=version, answer=press.button.detail, actor=actor)
            case ids.BACK:
                doing = services.walks.step_back(walk, version=version, actor=actor)
            case _:
                doing = services.walks.close(walk, version=version, actor=actor)
        await answers.press(ack, respond, doing)

    async def preview_again(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        press = Press.model_validate(body)
        shown = ids.Shown.parse(press.button.value)
        doing = services.previews.again(shown.subject, version=shown.version, actor=press.user.actor)
        await answers.press(ack, respond, doing)

    async def opens(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = Press.model_validate(body)
        await answers.press(ack, respond, _open(services, client, press))

    async def confirmed(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        bound = BoundConfirmation.model_validate_json(submission.view.private_metadata)
        confirmation = Confirmation(
            walk_id=bound.walk,
            preview_id=bound.preview,
            digest=bound.digest,
            typed=submission.typed("name"),
            inputs=submission.inputs,
        )
        doing = services.confirmation.submit(confirmation, actor=submission.user.actor)
        await answers.submission(ack, doing, field="name")

    async def overruled(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        shown = ids.Shown.parse(submission.view.private_metadata)
        doing = services.walks.overrule(
            shown.subject,
            version=shown.version,
            plan=submission.chosen("plan") or None,
            reason=submission.typed("reason"),
            actor=submission.user.actor,
        )
        await answers.submission(ack, doing, field="reason")

    simple = (ids.ANSWER, ids.BACK, ids.CLOSE)
    app.action(re.compile(rf"^({'|'.join(map(re.escape, simple))})(:|$)"))(pressed)
    app.action(ids.PREVIEW_AGAIN)(preview_again)
    opening = (ids.CONFIRM, ids.OVERRULE, ids.KEEP_WATCHING)
    app.action(re.compile(rf"^({'|'.join(map(re.escape, opening))})$"))(opens)
    app.view(ids.CONFIRM_MODAL)(confirmed)
    app.view(re.compile(rf"^({ids.OVERRULE_MODAL}|{ids.KEEP_WATCHING_MODAL})$"))(overruled)


async def _open(services: Services, client: AsyncWebClient, press: Press) -> None:
    """Open the modal that a button stands for; it changes no state."""
    shown = ids.Shown.parse(press.button.value)
    if press.button.action_id == ids.CONFIRM:
        preview = await services.confirmation.shown(shown.subject, actor=press.user.actor)
        playbook = await services.phases.playbook(preview.migration)
        view = modals.confirmation(preview, playbook.title, approvals=playbook.rollback_quorum)
    else:
        walk = await services.walks.shown(shown.subject, actor=press.user.actor)
        plans = services.catalog.get(walk.migration).playbook.plans
        listed = [(plan_id, plan.title) for plan_id, plan in plans.items()]
        overrules = press.button.action_id == ids.OVERRULE
        view = modals.overrule(shown, listed) if overrules else modals.keep_watching(shown)
    await open_modal(client, trigger_id=press.trigger_id, view=view)
