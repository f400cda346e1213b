"""Buttons, modals and the list of discrepancies."""

import re
from collections.abc import Awaitable, Mapping, Sequence
from datetime import date

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.discrepancy import Discrepancy
from bot.domain.errors import RefusedError
from bot.domain.explanation import CATEGORIES, Category
from bot.domain.person import Actor
from bot.services.meant_discrepancies import AllOf, Meant, One
from bot.services.services import Services
from bot.slack import action_ids as ids
from bot.slack.blocks import Message
from bot.slack.views.discrepancies import discrepancy_list
from bot.slack.views.discrepancy_modals import ALL_OF, Offered, saying
from handlers.answers import Answers
from handlers.bound import BoundDiscrepancy
from handlers.opening import open_modal
from handlers.payloads import Press, Submission

WORD = "discrepancies"
Body = Mapping[str, object]
_SAYINGS = "explain|accept|assign|comment|reopen"


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to the buttons below a message, those of the list, and the modals behind them."""

    async def opens(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = Press.model_validate(body)
        await answers.press(ack, respond, _open(services, client, press))

    async def turned(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        press = Press.model_validate(body)
        await answers.press(ack, respond, _turn(services, answers, press, respond))

    async def said(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        field = "to" if submission.view.detail == "assign" else "text"
        await answers.submission(ack, _said(services, submission), field=field)

    one, several = re.escape(ids.DISCREPANCY), re.escape(ids.DISCREPANCIES)
    app.action(re.compile(rf"^({one}|{several}):({_SAYINGS})$"))(opens)
    app.action(re.compile(rf"^{re.escape(ids.DISCREPANCY_LIST)}:(open|on|back)$"))(turned)
    app.view(re.compile(rf"^{ids.DISCREPANCY_MODAL}:({_SAYINGS})$"))(said)


async def listed(services: Services, migration: str, actor: Actor, *, page: int = 1) -> Message:
    """A page of the list. Raises UnknownNameError, NotAllowedError."""
    found = await services.discrepancies.listed(migration, actor=actor)
    return discrepancy_list(migration, found, _titles(services, migration), page=page)


async def _turn(services: Services, answers: Answers, press: Press, respond: AsyncRespond) -> None:
    shown = ids.Shown.parse(press.button.value)
    message = await listed(services, shown.subject, press.user.actor, page=shown.version)

    async def show() -> None:
        await respond(
            text=message.text,
            blocks=[*message.blocks],
            response_type="ephemeral",
            replace_original=press.button.detail != "open",
        )

    answers.later(show())


async def _open(services: Services, client: AsyncWebClient, press: Press) -> None:
    """Open the modal that a button stands for; it changes no state."""
    what, actor = press.button.detail, press.user.actor
    found: tuple[Discrepancy, ...]
    if press.button.action_id.startswith(f"{ids.DISCREPANCY}:"):
        shown = ids.Shown.parse(press.button.value)
        one = await services.discrepancies.shown(One(shown.subject, shown.version), actor=actor)
        migration, found = one.migration, (one,)
    else:
        migration = press.button.value
        found = await services.discrepancies.listed(migration, actor=actor)
        if not found:
            raise RefusedError(f"Everything that the checks of {migration} found is fixed meanwhile")
    view = saying(what, await _offered(services, migration, found))
    await open_modal(client, trigger_id=press.trigger_id, view=view)


async def _offered(services: Services, migration: str, found: Sequence[Discrepancy]) -> Offered:
    playbook = services.catalog.get(migration).playbook
    notes = await services.discrepancies.notes(found[0].id) if len(found) == 1 else ()
    return Offered(
        migration=migration,
        found=found,
        titles=_titles(services, migration),
        roles=tuple(playbook.roles),
        today=services.discrepancies.today(migration),
        explained_is_clean=playbook.reconcile.explained_is_clean,
        history=[(note.actor, note.text) for note in notes],
    )


def _said(services: Services, submission: Submission) -> Awaitable[object]:
    bound = BoundDiscrepancy.model_validate_json(submission.view.private_metadata)
    meant = _meant(bound, submission.chosen("which"))
    actor, text, service = submission.user.actor, submission.typed("text"), services.discrepancies
    match submission.view.detail:
        case "explain":
            return service.explain(meant, category=_category(submission), text=text, actor=actor)
        case "accept":
            until = date.fromisoformat(submission.chosen("until"))
            category = _category(submission)
            return service.accept(meant, until=until, text=text, category=category, actor=actor)
        case "assign":
            to = submission.chosen("person") or submission.chosen("to")
            return service.assign(meant, to=to, actor=actor)
        case "reopen":
            return service.reopen(_one(meant), text=text, actor=actor)
        case _:
            return service.comment(_one(meant).id, text=text, actor=actor)


def _meant(bound: BoundDiscrepancy, chosen: str) -> Meant:
    value = bound.one or chosen
    if value.startswith(ALL_OF):
        return AllOf(bound.migration, value.removeprefix(ALL_OF), bound.shown_at)
    shown = ids.Shown.parse(value)
    return One(shown.subject, shown.version)


def _one(meant: Meant) -> One:
    if isinstance(meant, AllOf):
        raise RefusedError("This is said of one discrepancy", field="which", do="Choose one")
    return meant


def _category(submission: Submission) -> Category:
    chosen = submission.chosen("category")
    if chosen not in CATEGORIES:
        raise RefusedError("Choose what it is", field="category")
    return chosen


def _titles(services: Services, migration: str) -> dict[str, str]:
    checks = services.catalog.get(migration).playbook.reconcile.checks
    return {check.id: check.title for check in checks}
