"""A local workspace over real sockets, and senders for it on the store."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.messages.facts import Facts, Plain
from bot.domain.messages.timeline import TimelineEntry, TimelineFacts
from bot.sandbox.json_values import JsonObject, as_list, as_object, objects_in
from bot.sandbox.server import RunningWorkspace, running_workspace
from bot.sandbox.settings import LOCAL_BOT, WorkspaceSettings
from bot.slack.posting import Posting
from bot.slack.sender import Sender
from bot.slack.uploads import Uploads
from bot.store.outbox import OutboxRow
from bot.store.store import Store
from bot.store.tables import outbox
from tests.e2e.workspace_control import call_log, control
from tests.fakes.clock import FakeClock
from tests.fakes.files import ExportFacts, FakeExports
from tests.integration.member_seed import MEMBER_SEED

MANIFEST = Path(__file__).parents[3] / "manifest.yml"
INCIDENTS = "#incidents"
OTHER = "#planwise-cutover"
LIVE = "incident:1"
SAM = "U0ONCALL"
SAMS = "D0ONCALL"


class WorkspaceClock:
    """The test's clock, as the workspace reads it."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()


@pytest.fixture
async def workspace(clock: FakeClock) -> AsyncIterator[RunningWorkspace]:
    """A workspace that knows the bot by its real manifest, and has it in every channel."""
    settings = WorkspaceSettings(port=0, manifest_path=MANIFEST, seed=MEMBER_SEED)
    async with running_workspace(settings, clock=WorkspaceClock(clock)) as running:
        yield running


@pytest.fixture
def client(workspace: RunningWorkspace) -> AsyncWebClient:
    """The bot's client: no retries of the SDK's own, and given up after a second."""
    return AsyncWebClient(token=LOCAL_BOT, base_url=workspace.api_url, timeout=1, retry_handlers=[])


def new_uploads(
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    exports: FakeExports,
    *,
    seconds: float = 5,
    beat: float = 0.02,
) -> Uploads:
    """What delivers the files of some exports, with a beat that a test need not wait for."""
    return Uploads(
        client=client,
        session=session,
        posting=Posting(client),
        files=exports.files(),
        seconds=seconds,
        upload_seconds=1,
        beat=beat,
    )


def new_sender(owner: str, *, store: Store, clock: FakeClock, posting: Posting, uploads: Uploads) -> Sender:
    """A sender of this name."""
    return Sender(store=store, posting=posting, uploads=uploads, clock=clock, owner=owner)


@dataclass(frozen=True)
class Post:
    """The outbox on one side, Slack on the other, a sender between them."""

    store: Store
    clock: FakeClock
    client: AsyncWebClient
    workspace: RunningWorkspace
    session: aiohttp.ClientSession
    exports: FakeExports
    sender: Sender

    def another_sender(
        self, owner: str, *, store: Store | None = None, posting: Posting | None = None
    ) -> Sender:
        """A sender as another process has it."""
        return new_sender(
            owner,
            store=store or self.store,
            clock=self.clock,
            posting=posting or Posting(self.client),
            uploads=new_uploads(self.client, self.session, self.exports),
        )

    async def say(self, *texts: str, channel: str = INCIDENTS) -> None:
        """Messages of their own."""
        async with self.store.transaction() as tx:
            for text in texts:
                facts = Plain(text=text)
                await tx.outbox.say(channel=channel, subject=f"say:{text}", facts=facts, at=self.clock.now())

    async def send_file(
        self, check: str = "employees", *, channel: str = SAM, thread: str | None = None
    ) -> None:
        """A file, to a person as a rule."""
        async with self.store.transaction() as tx:
            await tx.outbox.send_file(
                channel=channel,
                subject=f"export:{check}",
                facts=ExportFacts(check=check),
                at=self.clock.now(),
                thread=thread,
            )

    async def tell(self, *texts: str) -> None:
        """Lines of the timeline, in the live message's thread."""
        async with self.store.transaction() as tx:
            for text in texts:
                entry = TimelineEntry(at=self.clock.now(), actor="Sam", text=text)
                await tx.outbox.say(
                    channel=INCIDENTS,
                    subject=f"timeline:{text}",
                    thread=LIVE,
                    facts=TimelineFacts(entries=(entry,)),
                    at=self.clock.now(),
                )

    async def show(self, text: str | Facts, *, subject: str = LIVE) -> None:
        """The live message as it stands now."""
        facts = Plain(text=text) if isinstance(text, str) else text
        async with self.store.transaction() as tx:
            await tx.outbox.show(channel=INCIDENTS, subject=subject, facts=facts, at=self.clock.now())

    async def deliver(self) -> None:
        """One round of the sender."""
        await self.sender.deliver_due()

    async def statuses(self) -> list[str]:
        """The rows' statuses, in order."""
        async with self.store.database.reading() as connection:
            rows = await connection.execute(outbox.select().order_by(outbox.c.number))
            return [row.status for row in rows]

    async def problem(self) -> str | None:
        """What is noted of the first row."""
        async with self.store.database.reading() as connection:
            query = sa.select(outbox.c.problem).order_by(outbox.c.number).limit(1)
            found: str | None = (await connection.execute(query)).scalar_one()
            return found

    async def claimed(self, channel: str = INCIDENTS) -> OutboxRow:
        """A row that was claimed by a process that died before it posted, or before it said so."""
        async with self.store.transaction() as tx:
            row = await tx.delivery.claim(channel, now=self.clock.now())
            assert row is not None
            return row

    async def posted(self, channel: str = "C0INCIDENTS") -> list[JsonObject]:
        """The channel's messages as Slack has them, oldest first, without replies."""
        page = await self.client.conversations_history(channel=channel, limit=200)
        return list(reversed(objects_in(as_list(page["messages"]))))

    async def texts(self, channel: str = "C0INCIDENTS") -> list[object]:
        """Their texts."""
        return [message["text"] for message in await self.posted(channel)]

    async def thread(self) -> list[str]:
        """The texts of the replies to the channel's first message."""
        root = (await self.posted())[0]
        page = await self.client.conversations_replies(channel="C0INCIDENTS", ts=str(root["ts"]), limit=200)
        return [str(as_object(reply)["text"]) for reply in objects_in(as_list(page["messages"]))[1:]]

    async def fail_next(self, mode: str, *, method: str = "chat.postMessage", count: int = 1) -> None:
        """Let the next calls of a method fail."""
        fault: JsonObject = {"method": method, "count": count, "mode": mode}
        await control(self.workspace.url, "faults", {"fail_next": fault})

    async def calls(self, method: str | None = None) -> list[JsonObject]:
        """The calls of a method that arrived, or of all."""
        return await call_log(self.workspace.url, method)


@pytest.fixture
async def post(
    store: Store, clock: FakeClock, client: AsyncWebClient, workspace: RunningWorkspace
) -> AsyncIterator[Post]:
    """Everything between the outbox and Slack."""
    exports = FakeExports()
    async with aiohttp.ClientSession() as session:
        sender = new_sender(
            "this one",
            store=store,
            clock=clock,
            posting=Posting(client),
            uploads=new_uploads(client, session, exports),
        )
        yield Post(
            store=store,
            clock=clock,
            client=client,
            workspace=workspace,
            session=session,
            exports=exports,
            sender=sender,
        )
