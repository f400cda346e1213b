"""A person's App Home: shown when it is opened, and again after each press of somebody who looks at it."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.services.services import Services
from bot.slack.action_ids import HOME_REFRESH
from bot.slack.api_errors import error_text
from bot.slack.views.home import home
from handlers.answers import Answers
from handlers.payloads import HomeOpened, Interaction

Body = Mapping[str, object]
Next = Callable[[], Awaitable[None]]

log = structlog.get_logger()


class Homes:
    """Publishes Homes. Those of one person go out one after the other: an older one never comes last."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def publish(self, person: str, context: AsyncBoltContext, *, warning: str = "") -> None:
        """Show a person their Home as it is now; what became of that is in the log."""
        known = context.authorize_result
        workspace = (known.url if known is not None else None) or ""
        async with self._turns[person]:
            view = home(await self._services.home.look(person), workspace=workspace, warning=warning)
            try:
                await context.client.views_publish(user_id=person, view=view)
            except SlackApiError as error:
                log.warning("home.refused", problem=error_text(error))
            except (aiohttp.ClientError, TimeoutError) as error:
                log.warning("home.slack_away", problem=type(error).__name__)


class HomeRespond:
    """What answers a press in a Home, which has no place for ephemeral messages: a line on top of it."""

    def __init__(self, publish: Callable[[str], Awaitable[None]]) -> None:
        self._publish = publish
        self.answered = False

    async def __call__(self, text: str = "", **_where: object) -> None:
        """Show the text."""
        self.answered = True
        await self._publish(text)


class AckAndThen(AsyncAck):
    """Acknowledges, and lets something go its way: what was pressed is committed by then."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._then = then

    async def __call__(self, *given: object, **named: object) -> BoltResponse:
        """Acknowledge."""
        response = await super().__call__(*given, **named)  # type: ignore[arg-type]
        self._then()
        return response


def register(app: AsyncApp, services: Services, answers: Answers) -> None:
    """Listen to Home being opened, to “Refresh”, and to presses of people who look at it."""
    homes = Homes(services)

    async def opened(body: Body, context: AsyncBoltContext) -> None:
        event = HomeOpened.model_validate(body["event"])
        if event.tab == "home":
            services.home.looked(event.user)
            answers.later(homes.publish(event.user, context))

    async def refresh(ack: AsyncAck, body: Body) -> None:
        services.home.looked(Interaction.model_validate(body).user.id)
        await ack()

    async def shown_again(body: Body, context: AsyncBoltContext, next_: Next) -> None:
        press = Interaction.of(body)
        if press is not None and (press.at_home or services.home.looks(press.user.id)):
            person = press.user.id

            async def told(text: str) -> None:
                await homes.publish(person, context, warning=text)

            respond = HomeRespond(told)

            async def again() -> None:
                if not respond.answered:
                    await homes.publish(person, context)

            if press.at_home:
                context["respond"] = respond
            context["ack"] = AckAndThen(lambda: answers.later(again()))
        await next_()

    app.middleware(shown_again)
    app.event("app_home_opened")(opened)
    app.action(HOME_REFRESH)(refresh)
