"""Slash commands."""

from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import SwitchbackError
from bot.domain.person import Actor
from bot.services.services import Services
from bot.slack.action_ids import PICK_MODAL
from bot.slack.blocks import counted, escape
from bot.slack.views import help as help_view
from bot.slack.views.modals import pick_migration
from bot.store.reconciliations import Reconciliation
from handlers import discrepancy_presses, dry_run, gates, phase, reconcile_words, rehearsals
from handlers.answers import Answers, warning
from handlers.opening import open_modal
from handlers.payloads import Command, Submission

RECONCILE, ROLLBACK, SWITCHBACK = "/reconcile", "/rollback", "/switchback"
COMMANDS = (RECONCILE, ROLLBACK, gates.GATES, SWITCHBACK)

# Does what a command asks for a migration, and gives the answer that only the person sees.
Does = Callable[[Services, str, str | None, Actor], Awaitable[str]]
Body = Mapping[str, object]


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to the commands and to the choice of a migration."""

    async def for_a_migration(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        command = Command.model_validate(body)
        try:
            if dry_run.is_asked_for(command):
                answer = await dry_run.begin(services, answers, command, respond)
            elif rehearsals.is_asked_for(command):
                answer = await rehearsals.begin(services, answers, command, client)
            else:
                answer = await _answer(services, command, client)
        except SwitchbackError as error:
            answer = warning(error)
        await ack(answer)

    async def discrepancy_list(ack: AsyncAck, command: Command) -> None:
        try:
            message = await discrepancy_presses.listed(services, command.words[1], command.actor)
        except SwitchbackError as error:
            await ack(warning(error))
        else:
            await ack(text=message.text, blocks=[*message.blocks])

    async def where_it_is(ack: AsyncAck, command: Command, client: AsyncWebClient) -> None:
        try:
            message = await phase.answer(services, answers, command, client)
        except SwitchbackError as error:
            await ack(warning(error))
        else:
            await (ack(text=message.text, blocks=[*message.blocks]) if message else ack())

    async def switchback(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        command = Command.model_validate(body)
        if command.words == ("status",):
            await ack(help_view.status(await services.status.all()))
        elif command.words[:1] == (discrepancy_presses.WORD,) and len(command.words) == 2:
            await discrepancy_list(ack, command)
        elif phase.is_asked_for(command):
            await where_it_is(ack, command, client)
        elif command.words in ((), ("help",)):
            await ack(help_view.HELP)
        else:
            await ack(f"⚠️ “{escape(command.text.strip())}” is not known here. {help_view.HELP}")

    async def picked(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        migration = submission.chosen("migration")
        doing = DOES[submission.view.private_metadata]
        asked = doing(services, migration, None, submission.user.actor)
        await answers.submission(ack, asked, field="migration")

    app.command(RECONCILE)(for_a_migration)
    app.command(ROLLBACK)(for_a_migration)
    app.command(gates.GATES)(for_a_migration)
    app.command(SWITCHBACK)(switchback)
    app.view(PICK_MODAL)(picked)


async def _answer(services: Services, command: Command, client: AsyncWebClient) -> str:
    """Do what the command asks; without a migration, ask for one in a modal."""
    if not command.words:
        listed = [(loaded.playbook.migration, loaded.playbook.title) for loaded in services.catalog]
        view = pick_migration(command.command, listed)
        await open_modal(client, trigger_id=command.trigger_id, view=view)
        return ""
    if command.command == RECONCILE:
        wanted = reconcile_words.parse(command.words)
        return await _reconcile_as(services, wanted, command.public_channel, command.actor)
    if len(command.words) > 1:
        return f"⚠️ {help_view.usage(command.command, services.catalog.migrations)}"
    doing = DOES[command.command]
    return await doing(services, command.words[0], command.public_channel, command.actor)


async def _reconcile(services: Services, migration: str, channel: str | None, actor: Actor) -> str:
    return await _reconcile_as(services, reconcile_words.Wanted(migration), channel, actor)


async def _reconcile_as(
    services: Services, wanted: reconcile_words.Wanted, channel: str | None, actor: Actor
) -> str:
    asked = await services.reconciliation.request(
        wanted.migration,
        channel=channel,
        actor=actor,
        checks=wanted.checks,
        rows=wanted.rows,
        summary=wanted.summary,
    )
    if wanted.summary:
        told = f"It comes in {_place(asked)}, and counts for no day"
        return f"Reconciling {asked.migration} for a summary. {told}."
    declared = services.catalog.get(asked.migration).playbook.reconcile.checks
    checks = counted(len(declared), "check") if asked.scope is None else ", ".join(asked.scope)
    rows = ", the rows that differ in its thread" if asked.show_rows else ""
    return f"Reconciling {asked.migration}: {checks}. The result comes in {_place(asked)}{rows}."


def _place(asked: Reconciliation) -> str:
    return asked.channel if asked.channel.startswith("#") else f"<#{asked.channel}>"


async def _roll_back(services: Services, migration: str, _channel: str | None, actor: Actor) -> str:
    walk = await services.walks.open(migration, actor=actor)
    where = services.catalog.get(migration).playbook.channels.incidents
    opened = "You go on with" if walk.version > 1 or walk.started_by.id != actor.id else "Opened"
    return f"{opened} the rollback of {migration}: the question is in {where}. Nothing is done yet."


DOES: Mapping[str, Does] = {RECONCILE: _reconcile, ROLLBACK: _roll_back, gates.GATES: gates.ask}
