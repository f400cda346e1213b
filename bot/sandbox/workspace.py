"""One local workspace: its parts, put together."""

from bot.sandbox.call_log import CallLog
from bot.sandbox.clock import Clock, Ids
from bot.sandbox.delivery import Delivery
from bot.sandbox.directory import Directory
from bot.sandbox.faults import Faults
from bot.sandbox.files import FileStore
from bot.sandbox.http_delivery import HttpDelivery
from bot.sandbox.manifest import Manifest, read_manifest
from bot.sandbox.memberships import Memberships
from bot.sandbox.messages import MessageStore
from bot.sandbox.pages import Pages
from bot.sandbox.persistence import NoStorage, SqliteStorage, Storage
from bot.sandbox.rate_limits import RateLimits
from bot.sandbox.response_urls import Origin, ResponseUrls
from bot.sandbox.settings import WorkspaceSettings
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.triggers import TriggerIds
from bot.sandbox.views import ViewStore


class Workspace:
    """The parts of a workspace. `url` is where it is reached, without a slash at the end."""

    def __init__(self, *, settings: WorkspaceSettings, clock: Clock, ids: Ids) -> None:
        self.settings = settings
        self.clock = clock
        self.ids = ids
        self.url = f"http://{settings.host}:{settings.port}"
        self.seed = settings.seed
        self.manifest = read_manifest(settings.manifest_path) if settings.manifest_path else Manifest()
        self.directory = Directory(seed=settings.seed)
        self.storage: Storage = SqliteStorage(path=settings.data_path) if settings.data_path else NoStorage()
        self.memberships = Memberships(seed=settings.seed, storage=self.storage)
        self.messages = MessageStore(clock=clock, storage=self.storage)
        for channel in self.messages.channels():
            # Opens the direct messages that were open before a restart.
            self.directory.channel(channel)
        self.files = FileStore(clock=clock, ids=ids, seed=settings.seed, storage=self.storage)
        self.views = ViewStore(clock=clock, ids=ids, seed=settings.seed)
        self.triggers = TriggerIds(clock=clock, ids=ids, lifetime=settings.trigger_lifetime)
        self.response_urls = ResponseUrls(clock=clock, ids=ids)
        self.limits = RateLimits(clock=clock)
        self.faults = Faults(rate_limits=settings.rate_limits)
        self.log = CallLog(clock=clock)
        self.pages = Pages()
        self.socket_mode = SocketMode(
            ids=ids,
            app_id=settings.seed.app_id,
            ping_interval=settings.ping_interval,
            disconnect_grace=settings.disconnect_grace,
        )
        self.http: HttpDelivery | None = None
        if settings.request_url:
            self.http = HttpDelivery(
                request_url=settings.request_url,
                signing_secret=settings.signing_secret,
                clock=clock,
            )
        self.delivery = Delivery(
            transport=self.http or self.socket_mode,
            faults=self.faults,
            log=self.log,
            ids=ids,
            ack_timeout=settings.ack_timeout,
            event_retry_delays=settings.event_retry_delays,
        )

    @property
    def app_name(self) -> str:
        """The app's name: the manifest's, else the seed's."""
        return self.manifest.app_name or self.seed.app_name

    def new_response_url(self, origin: Origin) -> str:
        """A response URL for something that a person just did."""
        return f"{self.url}/response/{self.response_urls.issue(origin)}"

    def clear(self) -> None:
        """Back to an empty workspace; the app stays connected."""
        self.storage.clear()
        self.memberships.clear()
        self.messages.clear()
        self.files.clear()
        self.views.clear()
        self.triggers.clear()
        self.response_urls.clear()
        self.limits.clear()
        self.log.clear()
        self.faults.clear()
        self.pages.push({"type": "reset"})

    async def close(self) -> None:
        """Stop what is under way; messages, files and memberships stay in the storage."""
        self.faults.changed()
        await self.delivery.close()
        await self.socket_mode.close()
        await self.pages.close()
        if self.http is not None:
            await self.http.close()
        self.storage.close()
