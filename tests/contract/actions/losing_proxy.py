"""A way to a PostgreSQL that is lost at a chosen moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def losing_proxy(server: Path, folder: Path, *, at: bytes, arrives: bool) -> AsyncIterator[None]:
    """A PostgreSQL socket in `folder` that leads to `server`, and is closed when a word comes along.

    `arrives` is whether the server still gets it.
    """
    calls: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.add(asyncio.ensure_future(_relay((reader, writer), server, at=at, arrives=arrives)))

    listener = await asyncio.start_unix_server(connected, str(folder / ".s.PGSQL.5432"))
    try:
        yield
    finally:
        listener.close()
        await listener.wait_closed()
        await asyncio.wait_for(asyncio.gather(*calls), timeout=10)


async def _relay(client: Streams, server: Path, *, at: bytes, arrives: bool) -> None:
    upstream = await asyncio.open_unix_connection(str(server))
    answers = asyncio.create_task(_answers(upstream[0], client[1]))
    try:
        while piece := await client[0].read(65536):
            if at in piece:
                answers.cancel()
                await asyncio.wait({answers})
                if arrives:
                    upstream[1].write(piece)
                    await upstream[0].read(1)
                return
            upstream[1].write(piece)
    finally:
        answers.cancel()
        for writer in (client[1], upstream[1]):
            writer.close()
            await writer.wait_closed()


async def _answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65536):
        writer.write(piece)
