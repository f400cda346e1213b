"""`/cutover MIGRATION`, alone for where it stands, with `request [DAY]`, `phase` or `withdraw`."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.domain.errors import RefusedError, SwitchbackError
from bot.services.services import Services
from bot.slack.blocks import escape
from bot.slack.views import decision_standing as view
from handlers.answers import Answers, warning
from handlers.payloads import Command

CUTOVER = "/cutover"


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to the command. What looks at evidence takes its time, and answers when it has."""

    async def cutover(ack: AsyncAck, body: Mapping[str, object], respond: AsyncRespond) -> None:
        command = Command.model_validate(body)
        try:
            answer = await _answer(services, answers, command, respond)
        except SwitchbackError as error:
            answer = warning(error)
        await ack(answer)

    app.command(CUTOVER)(cutover)


async def _answer(services: Services, answers: Answers, command: Command, respond: AsyncRespond) -> str:
    if not command.words:
        return view.usage(services.catalog.migrations)
    migration, asked = command.words[0], command.words[1:]
    title = escape(services.catalog.get(migration).playbook.title)
    match asked:
        case ():
            answers.later(_stands(services, command, respond))
            return f"⏳ Looking at where the cutover of {title} stands."
        case ("request",) | ("request", _):
            day = asked[1] if len(asked) > 1 else ""
            await services.decisions.requests.permit(migration, "cutover", actor=command.actor, day=day)
            answers.later(_request(services, command, day, respond))
            return f"⏳ The gates of {title} are being evaluated."
        case ("phase",):
            await services.decisions.requests.permit(migration, "phase", actor=command.actor)
            answers.later(_phase(services, command, respond))
            return f"⏳ What leaving the phase of {title} needs is being evaluated."
        case ("withdraw",):
            return await _withdraw(services, command)
    return f"⚠️ {view.usage(services.catalog.migrations)}"


async def _stands(services: Services, command: Command, respond: AsyncRespond) -> None:
    try:
        message = view.standing(await services.decisions.status.of(command.words[0]))
    except SwitchbackError as error:
        await _tell(respond, warning(error))
        return
    await respond(
        text=message.text, blocks=[*message.blocks], response_type="ephemeral", replace_original=False
    )


async def _request(services: Services, command: Command, day: str, respond: AsyncRespond) -> None:
    try:
        found = await services.decisions.requests.cutover(command.words[0], day=day, actor=command.actor)
    except SwitchbackError as error:
        await _tell(respond, warning(error))
        return
    await _tell(respond, view.asked(found, services.catalog.get(found.migration).playbook))


async def _phase(services: Services, command: Command, respond: AsyncRespond) -> None:
    try:
        found = await services.decisions.requests.phase(command.words[0], actor=command.actor)
    except SwitchbackError as error:
        await _tell(respond, warning(error))
        return
    await _tell(respond, view.asked(found, services.catalog.get(found.migration).playbook))


async def _withdraw(services: Services, command: Command) -> str:
    open_ = await services.decisions.status.open(command.words[0])
    if open_ is None:
        raise RefusedError(f"Nothing is to be decided for {command.words[0]}")
    withdrawn = await services.decisions.endings.withdraw(open_.id, actor=command.actor)
    return f"The request for the {escape(withdrawn.what)} is withdrawn; nothing was decided."


async def _tell(respond: AsyncRespond, text: str) -> None:
    await respond(text=text, response_type="ephemeral", replace_original=False)
