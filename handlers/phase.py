"""`/switchback phase MIGRATION [back]`: where it is, and the way back to the phase before."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import SwitchbackError
from bot.services.phase_back import ConfirmedWayBack
from bot.services.services import Services
from bot.slack import action_ids as ids
from bot.slack.blocks import Message
from bot.slack.views import phase as view
from bot.slack.views import run_modals
from handlers.answers import Answers
from handlers.bound import BoundPhaseBack
from handlers.opening import open_modal, replace_modal
from handlers.payloads import Command, Submission

WORD, BACK = "phase", "back"
Body = Mapping[str, object]


def is_asked_for(command: Command) -> bool:
    """Whether `/switchback` was typed with it."""
    words = command.words
    return words[:1] == (WORD,) and (len(words) == 2 or words[2:] == (BACK,))


async def answer(
    services: Services, answers: Answers, command: Command, client: AsyncWebClient
) -> Message | None:
    """Where the migration is, for the person alone; with `back` nothing but a window that its preview fills.

    Raises NotAllowedError, RefusedError, UnknownNameError.
    """
    migration, actor = command.words[1], command.actor
    if command.words[2:] == (BACK,):
        await services.phase_back.permit(migration, actor=actor)
        looking = run_modals.looking("The way back")
        opened = await open_modal(client, trigger_id=command.trigger_id, view=looking)

        async def fill() -> None:
            try:
                way = await services.phase_back.look(migration, actor=actor)
                shown = view.back(way.playbook, way.to, way.preview)
            except SwitchbackError as error:
                shown = run_modals.refused(str(error))
            await replace_modal(client, view_id=opened, view=shown)

        answers.later(fill())
        return None
    return view.phase(await services.phase_view.of(migration, actor=actor))


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to the confirmation of the way back."""

    async def confirmed(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        bound = BoundPhaseBack.model_validate_json(submission.view.private_metadata)
        way = ConfirmedWayBack(
            migration=bound.migration,
            from_phase=bound.from_phase,
            typed=submission.typed("name"),
            preview=bound.preview,
            digest=bound.digest,
        )
        taking = services.phase_back.take(way, actor=submission.user.actor)
        await answers.submission(ack, taking, field="name")

    app.view(ids.PHASE_BACK_MODAL)(confirmed)
