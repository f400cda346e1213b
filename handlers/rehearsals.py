"""`/rollback MIGRATION rehearse [PLAN]`, its confirmation, and the signatures of its record."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import SwitchbackError
from bot.domain.messages.rehearsal import RehearsalFacts
from bot.domain.person import Actor
from bot.services.rehearsals import RehearsalConfirmation
from bot.services.services import Services
from bot.slack import action_ids as ids
from bot.slack.views import rehearsal as view
from bot.slack.views import run_modals
from handlers.answers import Answers
from handlers.bound import BoundRehearsal
from handlers.opening import open_modal, replace_modal
from handlers.payloads import Command, Press, Submission

WORD = "rehearse"
Body = Mapping[str, object]


@dataclass(frozen=True)
class Asked:
    """Who wants which plan rehearsed; the playbook's first where None."""

    migration: str
    plan: str | None
    actor: Actor
    trigger_id: str


def is_asked_for(command: Command) -> bool:
    """Whether the command is one."""
    return command.command == "/rollback" and command.words[1:2] == (WORD,) and len(command.words) <= 3


async def begin(services: Services, answers: Answers, command: Command, client: AsyncWebClient) -> str:
    """Open a window at once; the previews fill it. Raises as `RehearsalService.permit` does."""
    migration, plan = command.words[0], command.words[2] if len(command.words) > 2 else None
    asked = Asked(migration, plan, command.actor, command.trigger_id)
    await open_for(services, answers, client, asked)
    return ""


async def open_for(services: Services, answers: Answers, client: AsyncWebClient, asked: Asked) -> None:
    """Open a window at once; the previews fill it. Raises as `RehearsalService.permit` does."""
    migration, plan, actor = asked.migration, asked.plan, asked.actor
    if plan is not None:
        services.catalog.plan(migration, plan)
    await services.rehearsals.permit(migration, actor=actor)
    looking = run_modals.looking("The rehearsal")
    opened = await open_modal(client, trigger_id=asked.trigger_id, view=looking)

    async def fill() -> None:
        try:
            seen = await services.rehearsals.preview(migration, plan_id=plan, actor=actor)
            bound = {
                key: str(value) for key, value in asdict(seen.bound).items() if key not in ("inputs", "typed")
            }
            shown = view.confirmation(seen.back, seen.forward, seen.inputs, bound)
        except SwitchbackError as error:
            shown = run_modals.refused(str(error))
        await replace_modal(client, view_id=opened, view=shown)

    answers.later(fill())


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to the confirmation and to the signatures."""

    async def confirmed(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        await answers.submission(ack, _start(services, submission), field="name")

    async def asks_to_sign(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = Press.model_validate(body)
        await answers.press(ack, respond, _open(services, client, press))

    async def signed(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        doing = services.signatures.sign(
            submission.view.private_metadata,
            role=submission.view.detail,
            comment=submission.typed("comment"),
            actor=submission.user.actor,
        )
        await answers.submission(ack, doing, field="comment")

    app.view(ids.REHEARSE_MODAL)(confirmed)
    app.action(re.compile(rf"^{re.escape(ids.REHEARSAL_SIGN)}:[a-z0-9_-]+$"))(asks_to_sign)
    app.view(re.compile(rf"^{ids.REHEARSAL_SIGN_MODAL}:[a-z0-9_-]+$"))(signed)


async def _start(services: Services, submission: Submission) -> None:
    bound = BoundRehearsal.model_validate_json(submission.view.private_metadata)
    confirmation = RehearsalConfirmation(
        typed=submission.typed("name"),
        back=bound.back,
        back_digest=bound.back_digest,
        forward=bound.forward,
        forward_digest=bound.forward_digest,
        inputs=submission.inputs,
    )
    await services.rehearsals.start(confirmation, actor=submission.user.actor)


async def _open(services: Services, client: AsyncWebClient, press: Press) -> None:
    """Open the modal of a signature; it changes no state."""
    role, shown = press.button.detail, ids.Shown.parse(press.button.value)
    one = await services.signatures.signing(shown.subject, role=role, actor=press.user.actor)
    at = one.ended_at or one.started_at
    modal = view.sign(RehearsalFacts(rehearsal=one, at=at), role)
    await open_modal(client, trigger_id=press.trigger_id, view=modal)
