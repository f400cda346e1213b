"""The bot's life: start, connect, serve, stop."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import chain, repeat

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.app import Switchback, switchback
from bot.domain.errors import SettingsError, StoreError
from bot.engine.clock_watch import ClockWatch
from bot.engine.lock import replica_lock
from bot.engine.replicas import Replicas
from bot.engine.taking_up import take_up
from bot.metrics import Metrics
from bot.services.kept_plans import tell_of_kept_plans
from bot.services.looking import Looks, keep_looking
from bot.settings import Settings
from bot.slack.identity import PAUSES, Identity
from bot.slack.posting import Posting
from bot.slack.role_copies import RoleCopies
from bot.slack.sender import Sender
from bot.slack.token_trouble import slack_trouble
from bot.slack.uploads import Uploads
from bot.store.database import database_url
from bot.web import Web
from handlers.answers import Answers
from handlers.bolt import bolt_app

# A connection that broke without a word is noticed and replaced after as long, and cut when a pong takes
# half as long.
PING_SECONDS = 4.0

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
        self._socket = AsyncSocketModeHandler(
            self._bolt, token.get_secret_value(), ping_interval=PING_SECONDS
        )
        # Without an address the SDK's connect() asks for one itself, a wrong token for ever.
        self._socket.client.wss_uri = await self._address(token.get_secret_value())
        connect: Callable[[], Awaitable[None]] = self._socket.client.connect
        await connect()
        log.info("slack.connected")

    async def _address(self, token: str) -> str:
        """The socket's address, asked for until Slack gives it."""
        pauses = chain(PAUSES, repeat(PAUSES[-1]))
        while True:
            try:
                return str((await self._bolt.client.apps_connections_open(app_token=token))["url"])
            except SlackApiError as error:
                trouble = slack_trouble(error, "SLACK_APP_TOKEN")
                if isinstance(trouble, SettingsError):
                    raise trouble from None
                log.warning("slack.not_connected", problem=str(trouble))
            except (aiohttp.ClientError, TimeoutError) as error:
                log.warning("slack.not_connected", problem=type(error).__name__)
            await asyncio.sleep(next(pauses))

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
    stop, lost = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        url = database_url(settings.database_url.get_secret_value())
        await stack.enter_async_context(replica_lock(url, settings.replica, lost=lost.set))
        joined = await stack.enter_async_context(switchback(settings))
        await _take_up(joined)
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
        gauges = Metrics(
            store=joined.store,
            catalog=joined.services.catalog,
            clock=joined.clock,
            connected=connection.connected,
        )
        pages = Web(
            bolt=bolt if secret else None,
            store=joined.store,
            catalog=joined.services.catalog,
            gauges=gauges,
            connected=connection.connected,
        )
        started(await stack.enter_async_context(_serving(settings, pages.application())))
        # What is here now stays to the end: to look through all of it again for rubbish would stop the
        # bot for a tenth of a second, a press in the middle included.
        gc.freeze()
        watch = ClockWatch(store=joined.store, clock=joined.clock)
        work = (
            connection.keep(),
            _sender(joined).run(),
            _replicas(joined).run(),
            watch.run(),
            *(keep_looking(one, clock=joined.clock) for one in _lookers(joined)),
            _role_copies(joined).run(),
        )
        await _until(stop, *work, _end_when(lost))


async def _take_up(joined: Switchback) -> None:
    """What was under way goes on, and what the playbooks say by now is noted."""
    await joined.store.try_writing()
    text = "↻ the bot was restarted; the rollback goes on"
    await take_up(joined.store, drivers=("", joined.settings.replica), clock=joined.clock, text=text)
    await joined.services.phases.begin()
    await joined.services.playbook_trace.begin()
    await tell_of_kept_plans(catalog=joined.services.catalog, store=joined.store, clock=joined.clock)


async def _end_when(lost: asyncio.Event) -> None:
    """A process that lost its replica's lock may be a second one: it must not go on."""
    await lost.wait()
    raise StoreError(
        "The lock of this replica was lost with its connection to the database",
        do="Start the bot again; a supervisor does that by itself",
    )


def _lookers(joined: Switchback) -> tuple[Looks, ...]:
    return (
        joined.daily,
        joined.gates.reviews,
        joined.gates.sampling,
        joined.services.playbook_trace,
        joined.services.anchoring,
    )


def _role_copies(joined: Switchback) -> RoleCopies:
    playbooks = [loaded.playbook for loaded in joined.services.catalog]
    roles = [role for playbook in playbooks for role in playbook.roles.values()]
    return RoleCopies(roles=roles, directory=joined.roles, clock=joined.clock)


def _replicas(joined: Switchback) -> Replicas:
    return Replicas(
        store=joined.store,
        clock=joined.clock,
        replica=joined.settings.replica,
        adopt=joined.durable.adopt,
    )


def _sender(joined: Switchback) -> Sender:
    posting = Posting(joined.client)
    uploads = Uploads(client=joined.client, session=joined.session, posting=posting, files=joined.files)
    return Sender(
        store=joined.store,
        posting=posting,
        uploads=uploads,
        clock=joined.clock,
        owner=joined.settings.replica,
    )


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
