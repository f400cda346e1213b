"""Buttons and modals that steer a run as a whole."""

import re
from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import SwitchbackError
from bot.services.replacements import GivenWayBack, WayOn
from bot.services.services import Services
from bot.slack import action_ids as ids
from bot.slack.views import run_modals
from handlers.answers import Answers
from handlers.bound import BoundWayOn
from handlers.opening import open_modal, replace_modal
from handlers.payloads import Press, Submission

Body = Mapping[str, object]
_TITLES = {"emergency": "The emergency plan", "undo": "What was done", "back": "The way back to legacy"}


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to the presses below a run and to their modals."""

    async def steered(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = Press.model_validate(body)
        run_id, actor = ids.Shown.parse(press.button.value).subject, press.user.actor
        match press.button.detail:
            case "pause":
                await answers.press(ack, respond, services.steering.pause(run_id, actor=actor))
            case "resume":
                await answers.press(ack, respond, services.steering.resume(run_id, actor=actor))
            case "note" | "abort":
                await answers.press(ack, respond, _open(services, client, press))
            case what:
                await answers.press(ack, respond, _look(services, answers, client, press, what))

    async def submitted(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        actor, view = submission.user.actor, submission.view
        if view.detail == "note":
            doing = services.steering.note(view.private_metadata, text=submission.typed("note"), actor=actor)
            await answers.submission(ack, doing, field="note")
            return
        reason = submission.typed("reason")
        if view.detail == "abort":
            ending = services.steering.abort(view.private_metadata, reason=reason, actor=actor)
            await answers.submission(ack, ending, field="reason")
            return
        bound = BoundWayOn.model_validate_json(view.private_metadata)
        if view.detail == "back":
            given = GivenWayBack(
                bound.run, bound.digest, submission.typed("name"), beyond=bound.beyond, reason=reason
            )
            going = services.replacements.take_back(given, actor=actor)
            await answers.submission(ack, going, field="name")
            return
        if view.detail == "emergency":
            taking = services.replacements.take_emergency(
                bound.run, digest=bound.digest, reason=reason, actor=actor
            )
        else:
            taking = services.replacements.take_undo(bound.run, digest=bound.digest, actor=actor)
        await answers.submission(ack, taking, field="reason")

    app.action(re.compile(rf"^{re.escape(ids.RUN)}:(pause|resume|note|abort|emergency|undo|back)$"))(steered)
    app.view(re.compile(rf"^{ids.RUN_MODAL}:(note|abort|emergency|undo|back)$"))(submitted)


async def _open(services: Services, client: AsyncWebClient, press: Press) -> None:
    """Open what takes a text; it changes no state."""
    run_id, actor = ids.Shown.parse(press.button.value).subject, press.user.actor
    run = await services.steering.shown(run_id, actor=actor)
    view = run_modals.note(run) if press.button.detail == "note" else run_modals.abort(run)
    await open_modal(client, trigger_id=press.trigger_id, view=view)


async def _look(
    services: Services, answers: Answers, client: AsyncWebClient, press: Press, what: str
) -> None:
    """Open a window at once, and show another way on in it when its steps have been previewed."""
    run_id, actor = ids.Shown.parse(press.button.value).subject, press.user.actor
    run = await services.steering.shown(run_id, actor=actor)
    title = _TITLES[what]
    opened = await open_modal(client, trigger_id=press.trigger_id, view=run_modals.looking(title))

    async def fill() -> None:
        ways = services.replacements
        look = {"emergency": ways.emergency, "undo": ways.undo, "back": ways.back}[what]
        try:
            view = _shown(await look(run.id, actor=actor), what)
        except SwitchbackError as error:
            view = run_modals.refused(str(error))
        await replace_modal(client, view_id=opened, view=view)

    answers.later(fill())


def _shown(way: WayOn, what: str) -> dict[str, object]:
    effects = [
        run_modals.Effect(step.title, seen.exact, seen.problem)
        for step, seen in zip(way.plan.steps, way.previews, strict=True)
    ]
    return run_modals.way_on(way.run, way.plan, effects, what=what, digest=way.digest())
