"""The parts of an example in staging: several applications in one process."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack

from aiohttp import web

HOST = "127.0.0.1"
Served = Sequence[tuple[int, web.Application]]


def serve_together(served: Served) -> int:
    """Serve each on its port of the loopback until interrupted. Exit 2: a port is taken."""
    try:
        asyncio.run(_serve(served))
    except OSError as error:
        ports = sorted(port for port, _ in served)
        sys.stderr.write(f"A port of {ports} cannot be used ({error.strerror})\n")
        return 2
    except (KeyboardInterrupt, web.GracefulExit):
        pass
    return 0


async def _serve(served: Served) -> None:
    async with AsyncExitStack() as stack:
        for port, application in served:
            runner = web.AppRunner(application, access_log=None, handle_signals=True)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, HOST, port).start()
        sys.stdout.write(f"Running on {', '.join(str(port) for port, _ in served)}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
