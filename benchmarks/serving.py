"""A server of a benchmark in a process of its own, and the processes that a benchmark starts."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from aiohttp import web

_URL = re.compile(r"http://127\.0\.0\.1:\d+")
START_SECONDS = 60.0

T = TypeVar("T")


async def serve(application: web.Application) -> None:
    """Serve on a free port of the loopback until SIGTERM, and print the URL."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


@asynccontextmanager
async def started(command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> AsyncIterator[str]:
    """Run a command that prints its URL, give the URL, and end it. Its errors go to the log.

    Raises RuntimeError when it ends or prints none within 60 s.
    """
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=errors
        )
    try:
        if process.stdout is None:
            raise RuntimeError("the process has no output")
        async with asyncio.timeout(START_SECONDS):
            url = await _first_url(process.stdout)
        if url is None:
            raise RuntimeError(f"{' '.join(command)} did not start; see {log}")
        draining = asyncio.create_task(_drain(process.stdout))
        try:
            yield url
        finally:
            draining.cancel()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def completed(command: Sequence[str], *, cwd: Path, environment: Mapping[str, str]) -> None:
    """Run a command to its end. Raises RuntimeError with what it printed when it fails."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output.decode()}")


async def ended_by_a_signal(work: Coroutine[None, None, T]) -> T:
    """Do the work; SIGTERM ends it as SIGINT does, so that what it has started is ended with it."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def python(script: str) -> tuple[str, ...]:
    """The command that runs a module of this folder."""
    return (sys.executable, "-m", f"benchmarks.{script}")


async def _first_url(output: asyncio.StreamReader) -> str | None:
    async for line in output:
        found = _URL.search(line.decode())
        if found:
            return found.group()
    return None


async def _drain(output: asyncio.StreamReader) -> None:
    # A full pipe would stop the process that writes into it.
    while await output.read(65536):
        pass
