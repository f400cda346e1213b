"""The club in staging: both systems, in one process, over data of their own.

python examples/clubos/staging.py
"""

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from examples.clubos import legacy_service, new_service
from examples.clubos.serving import HOST


async def serve(data: Path, *, legacy: int, new: int) -> None:
    """Serve both on the loopback until cancelled. Raises OSError when a port is taken."""
    async with AsyncExitStack() as stack:
        for port, application in ((legacy, legacy_service.application), (new, new_service.application)):
            runner = web.AppRunner(application(data), access_log=None, handle_signals=True)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, HOST, port).start()
        sys.stdout.write(f"Running on {legacy}, {new}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> int:
    """Serve until interrupted. Exit 2: a port is taken."""
    parser = argparse.ArgumentParser(description="Serve the club in staging, on 127.0.0.1.")
    parser.add_argument("--legacy-port", type=int, default=8741)
    parser.add_argument("--new-port", type=int, default=8742)
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "staging")
    given = parser.parse_args()
    try:
        asyncio.run(serve(given.data, legacy=given.legacy_port, new=given.new_port))
    except OSError as error:
        ports = sorted((given.legacy_port, given.new_port))
        sys.stderr.write(f"A port of {ports} cannot be used ({error.strerror})\n")
        return 2
    except (KeyboardInterrupt, web.GracefulExit):
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
