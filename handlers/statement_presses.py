"""Buttons and modals by which people sign, vote and withdraw, and ask each other to."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookResponse

from bot.domain.errors import UnknownNameError
from bot.domain.wanted_statement import AboutCriterion, wanted
from bot.services.services import Services
from bot.services.statements import Bound
from bot.slack import action_ids as ids
from bot.slack.blocks import Block
from bot.slack.views import statements as view
from handlers.answers import Answers
from handlers.bound import BoundStatement
from handlers.opening import open_modal, push_modal
from handlers.payloads import CriterionPress, Submission

Body = Mapping[str, object]


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to the buttons of a criterion that people settle, and to the modals behind them."""

    async def opens(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = CriterionPress.model_validate(body)
        telling = _ToldInModal(client, press) if press.in_modal else respond
        await answers.press(ack, telling, _open(services, client, press))

    async def asked(ack: AsyncAck, body: Body, respond: AsyncRespond, client: AsyncWebClient) -> None:
        press = CriterionPress.model_validate(body)
        telling = _ToldInModal(client, press) if press.in_modal else respond

        async def asking() -> None:
            answers.later(_tell(telling, await _ask(services, press)))

        await answers.press(ack, telling, asking())

    async def stated(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        await answers.submission(ack, _state(services, submission), field="comment")

    async def withdrawn(ack: AsyncAck, body: Body) -> None:
        submission = Submission.model_validate(body)
        doing = services.statements.withdraw(
            submission.chosen("which"), reason=submission.typed("reason"), actor=submission.user.actor
        )
        await answers.submission(ack, doing, field="reason")

    for opening in (ids.STATEMENT, ids.STATEMENT_WITHDRAW):
        app.action(opening)(opens)
    app.action(ids.STATEMENT_ASK)(asked)
    app.view(ids.STATEMENT_MODAL)(stated)
    app.view(ids.STATEMENT_WITHDRAW_MODAL)(withdrawn)


class _ToldInModal(AsyncRespond):
    """Answers a press inside a modal, which has no channel: by a modal on top of it."""

    def __init__(self, client: AsyncWebClient, press: CriterionPress) -> None:
        super().__init__(response_url=None)
        self._client = client
        self._press = press

    async def __call__(self, text: str | dict[str, object] = "", **_where: object) -> WebhookResponse:  # type: ignore[override]
        """Show the text."""
        await push_modal(self._client, trigger_id=self._press.trigger_id, view=view.told(str(text)))
        return WebhookResponse(url="", status_code=200, body="", headers={})


async def _tell(telling: AsyncRespond, text: str) -> None:
    await telling(text=text, response_type="ephemeral", replace_original=False)


async def _open(services: Services, client: AsyncWebClient, press: CriterionPress) -> None:
    """Open the modal that a button stands for; it changes no state."""
    opening = push_modal if press.in_modal else open_modal
    await opening(client, trigger_id=press.trigger_id, view=await _view(services, press))


async def _view(services: Services, press: CriterionPress) -> Block:
    about, actor = AboutCriterion.parse(press.button.value), press.user.actor
    if press.button.action_id == ids.STATEMENT_WITHDRAW:
        own = await services.statements.own(about, actor=actor)
        return view.withdraw(own, _item_titles(services, about))
    shown = await services.statements.shown(about, actor=actor)
    bound = BoundStatement(
        about=str(about),
        statement=shown.bound.statement_id,
        asked=shown.bound.asked,
        evidence=shown.bound.evidence,
    )
    return view.state(shown.wanted, bound.model_dump(), items=shown.items, board=shown.board)


def _item_titles(services: Services, about: AboutCriterion) -> dict[str, str]:
    try:
        return dict(wanted(services.catalog.get(about.migration).playbook, about).items)
    except UnknownNameError:
        return {}


async def _ask(services: Services, press: CriterionPress) -> str:
    about = AboutCriterion.parse(press.button.value)
    await services.statement_requests.ask(about, actor=press.user.actor)
    return f"Asked for it in {services.catalog.get(about.migration).playbook.channels.approvals}."


async def _state(services: Services, submission: Submission) -> None:
    given = BoundStatement.model_validate_json(submission.view.private_metadata)
    bound = Bound(
        about=AboutCriterion.parse(given.about),
        statement_id=given.statement,
        asked=given.asked,
        evidence=given.evidence,
    )
    await services.statements.state(
        bound,
        choice=submission.chosen("choice"),
        item=submission.chosen("item"),
        comment=submission.typed("comment"),
        actor=submission.user.actor,
    )
