"""The peer: the least Bolt application that does the same work before it acknowledges.

Bolt's own aiohttp server, inline listeners (process_before_response) with a lazy one behind each. The
command opens the modal that Switchback opens; the press inserts as many rows as a press of Switchback's
writes, in one commit, through SQLAlchemy and aiosqlite as they come, as durably (a WAL, synchronous=FULL).

    python -m benchmarks.bare_bolt --api-url URL --database FILE --rows N
"""

import argparse
import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from benchmarks.serving import serve
from bot.sandbox.settings import LOCAL_BOT, LOCAL_SIGNING
from bot.slack.action_ids import ANSWER, BACK
from bot.slack.views.modals import pick_migration

PATH = "/slack/events"

_tables = sa.MetaData()
_presses = sa.Table(
    "presses",
    _tables,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("button", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
)


@dataclass
class Lazy:
    """How often the lazy listeners ran."""

    times: int = 0

    async def listener(self) -> None:
        """What Bolt starts beside the acknowledgement."""
        self.times += 1


def bare_bolt(
    bolt: AsyncWebClient,
    client: AsyncWebClient,
    engine: AsyncEngine,
    *,
    rows: int,
    view: dict[str, object],
) -> AsyncApp:
    """The application. `bolt` is Bolt's own client, `client` the one that calls are made with."""
    app = AsyncApp(client=bolt, signing_secret=LOCAL_SIGNING, process_before_response=True)
    lazy = Lazy()

    async def listener() -> None:
        # Bolt passes arguments by their names, `self` too: it takes a plain function only.
        await lazy.listener()

    async def opens(ack: AsyncAck, body: Mapping[str, str]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    async def pressed(ack: AsyncAck, body: Mapping[str, object], action: Mapping[str, str]) -> None:
        user = body["user"]
        person = user["id"] if isinstance(user, dict) else ""
        row = {"person": person, "button": action["action_id"], "value": action["value"]}
        async with engine.begin() as connection:
            for _ in range(rows):
                await connection.execute(_presses.insert().values(**row))
        await ack()

    app.command("/rollback")(ack=opens, lazy=[listener])
    buttons = re.compile(rf"^({re.escape(ANSWER)}|{re.escape(BACK)})(:|$)")
    app.action(buttons)(ack=pressed, lazy=[listener])
    return app


def _durable(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


async def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--api-url", required=True)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--migration", nargs=2, required=True)
    given = parser.parse_args()
    engine = create_async_engine(f"sqlite+aiosqlite:///{given.database}")
    sa.event.listen(engine.sync_engine, "connect", _durable)
    async with engine.begin() as connection:
        await connection.run_sync(_tables.create_all)
    view = pick_migration("/rollback", [tuple(given.migration)])
    bolt = AsyncWebClient(token=LOCAL_BOT, base_url=given.api_url)
    # One session for all calls: by default the SDK makes a new one for each. Bolt's own client has none,
    # since Bolt copies it for a lazy listener, and a session cannot be copied.
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=LOCAL_BOT, base_url=given.api_url, session=session)
        app = bare_bolt(bolt, client, engine, rows=given.rows, view=view)
        try:
            await serve(app.server(port=0, path=PATH, host="127.0.0.1").web_app)
        finally:
            await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
