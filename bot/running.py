"""The bot's life: start, connect, serve, stop."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.app import Switchback, switchback
from bot.domain.errors import SettingsError
from bot.engine.lock import replica_lock
from bot.settings import Settings
from bot.slack.identity import PAUSES, Identity, slack_trouble
from bot.slack.posting import Posting
from bot.slack.sender import Sender
from bot.store.database import database_urls
from bot.web import Web
from handlers.answers import Answers
from handlers.bolt import bolt_app

log = structlog.get_logger()


class Connection:
    """How Slack reaches the bot: over a socket that it opens, or by HTTP that it serves."""

    def __init__(self, *, settings: Settings, identity: Identity, bolt: AsyncApp) -> None:
        self._settings = settings
        self._identity = identity
        self._bolt = bolt
        self._socket: AsyncSocketModeHandler | None = None

    def connected(self) -> bool:
        """Whether a press would arrive now."""
        if self._settings.transport() == "http":
            return self._identity.known
        session = self._socket.client.current_session if self._socket else None
        return session is not None and not session.closed

    async def keep(self) -> None:
        """Learn who the bot is and, in Socket Mode, connect; the SDK reconnects by itself afterwards.

        Raises SettingsError for a token that Slack does not take.
        """
        await self._identity.learn()
        token = self._settings.slack_app_token
        if token is None:
            return
        self._socket = AsyncSocketModeHandler(self._bolt, token.get_secret_value())
        connect: Callable[[], Awaitable[None]] = self._socket.client.connect
        for attempt in range(2**31):
            try:
                await connect()
            except SlackApiError as error:
                trouble = slack_trouble(error, "SLACK_APP_TOKEN")
                if isinstance(trouble, SettingsError):
                    raise trouble from None
                log.warning("slack.not_connected", problem=str(trouble))
            except (aiohttp.ClientError, TimeoutError) as error:
                log.warning("slack.not_connected", problem=type(error).__name__)
            else:
                log.info("slack.connected")
                return
            await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            close: Callable[[], Awaitable[None]] = self._socket.client.close
            await close()


async def run(settings: Settings, *, started: Callable[[str], None]) -> None:
    """Run the bot until SIGINT or SIGTERM. `started` is told its URL when it serves.

    Raises SettingsError, PlaybookError or StoreError when it cannot start or go on.
    """
    settings.transport()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        _, url = database_urls(settings.database_url.get_secret_value())
        await stack.enter_async_context(replica_lock(url, settings.replica, lost=stop.set))
        joined = await stack.enter_async_context(switchback(settings))
        await joined.durable.launch()
        answers = Answers()
        stack.push_async_callback(answers.settled)
        identity = Identity(client=joined.client)
        secret = settings.slack_signing_secret
        bolt = bolt_app(
            services=joined.services,
            client=joined.client,
            authorize=identity.authorize,
            signing_secret=secret.get_secret_value() if secret else None,
            answers=answers,
        )
        connection = Connection(settings=settings, identity=identity, bolt=bolt)
        stack.push_async_callback(connection.close)
        pages = Web(
            bolt=bolt if secret else None,
            store=joined.store,
            catalog=joined.services.catalog,
            clock=joined.clock,
            connected=connection.connected,
        )
        started(await stack.enter_async_context(_serving(settings, pages.application())))
        await _until(stop, connection.keep(), _sender(joined).run())


def _sender(joined: Switchback) -> Sender:
    posting = Posting(joined.client)
    return Sender(store=joined.store, posting=posting, clock=joined.clock, owner=joined.settings.replica)


@asynccontextmanager
async def _serving(settings: Settings, application: web.Application) -> AsyncIterator[str]:
    """Serve the bot's HTTP, and say where."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        try:
            await site.start()
        except OSError as error:
            raise SettingsError(
                f"Port {settings.port} on {settings.host} cannot be used: {error.strerror}",
                do="Stop what listens there, or set SWITCHBACK_PORT",
            ) from None
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


async def _until(stop: asyncio.Event, *work: Coroutine[None, None, None]) -> None:
    """Do the work until told to stop; a piece that fails ends the whole with its error."""
    stopping = asyncio.create_task(stop.wait())
    tasks = [asyncio.create_task(piece) for piece in work]
    waiting: set[asyncio.Task[object]] = {stopping, *tasks}
    try:
        while not stop.is_set():
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        for task in (stopping, *tasks):
            task.cancel()
        await asyncio.gather(stopping, *tasks, return_exceptions=True)
