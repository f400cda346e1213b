"""`/rollback MIGRATION dry-run [PLAN]`, and its button: what would be done, told to the person alone."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.domain.errors import SwitchbackError
from bot.domain.person import Actor
from bot.services.services import Services
from bot.slack import action_ids as ids
from bot.slack.blocks import escape
from bot.slack.views.preview import dry_run
from handlers.answers import Answers, warning
from handlers.payloads import Command, Press

WORD = "dry-run"


def is_asked_for(command: Command) -> bool:
    """Whether the command is one."""
    return command.command == "/rollback" and command.words[1:2] == (WORD,) and len(command.words) <= 3


async def begin(services: Services, answers: Answers, command: Command, respond: AsyncRespond) -> str:
    """Say at once that it is being looked at; the preview follows. Raises as `may_preview` does."""
    migration, plan = command.words[0], command.words[2] if len(command.words) > 2 else None
    if plan is not None:
        services.catalog.plan(migration, plan)
    playbook = services.catalog.get(migration).playbook
    await services.previews.may_dry_run(migration, actor=command.actor)
    answers.later(_tell(services, migration, plan, command.actor, respond))
    return f"⏳ Every step of a rollback of {escape(playbook.title)} is being previewed. Nothing is changed."


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to the button below a question, which shows the playbook's first plan."""

    async def pressed(ack: AsyncAck, body: Mapping[str, object], respond: AsyncRespond) -> None:
        press = Press.model_validate(body)
        await answers.press(ack, respond, _pressed(services, answers, press, respond))

    app.action(ids.DRY_RUN)(pressed)


async def _pressed(services: Services, answers: Answers, press: Press, respond: AsyncRespond) -> None:
    walk = await services.walks.get(ids.Shown.parse(press.button.value).subject)
    await services.previews.may_dry_run(walk.migration, actor=press.user.actor)
    answers.later(_tell(services, walk.migration, None, press.user.actor, respond))


async def _tell(
    services: Services, migration: str, plan: str | None, actor: Actor, respond: AsyncRespond
) -> None:
    try:
        message = dry_run(await services.previews.dry_run(migration, plan_id=plan, actor=actor))
    except SwitchbackError as error:
        await respond(text=warning(error), response_type="ephemeral", replace_original=False)
        return
    await respond(
        text=message.text,
        blocks=[*message.blocks],
        response_type="ephemeral",
        replace_original=False,
    )
