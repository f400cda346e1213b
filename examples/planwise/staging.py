"""Planwise in staging: both systems and their router, in one process, over data of their own.

python examples/planwise/staging.py
"""

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web
from yarl import URL

from examples.planwise import router, service

HOST = "127.0.0.1"


async def serve(data: Path, *, legacy: int, new: int, front: int) -> None:
    """Serve all three on the loopback until cancelled. Raises OSError when a port is taken."""
    systems = {name: URL(f"http://{HOST}:{port}") for name, port in (("legacy", legacy), ("new", new))}
    served = (
        (legacy, service.application(service.Planwise("legacy", data))),
        (new, service.application(service.Planwise("new", data))),
        (front, router.application(router.Routes(data / "routing.json", systems))),
    )
    async with AsyncExitStack() as stack:
        for port, application in served:
            runner = web.AppRunner(application, access_log=None, handle_signals=True)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, HOST, port).start()
        sys.stdout.write(f"Running on {', '.join(str(port) for port, _ in served)}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> int:
    """Serve until interrupted. Exit 2: a port is taken."""
    parser = argparse.ArgumentParser(description="Serve planwise in staging, on 127.0.0.1.")
    parser.add_argument("--legacy-port", type=int, default=8721)
    parser.add_argument("--new-port", type=int, default=8722)
    parser.add_argument("--router-port", type=int, default=8723)
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "staging")
    given = parser.parse_args()
    ports = {"legacy": given.legacy_port, "new": given.new_port, "front": given.router_port}
    try:
        asyncio.run(serve(given.data, **ports))
    except OSError as error:
        sys.stderr.write(f"A port of {sorted(ports.values())} cannot be used ({error.strerror})\n")
        return 2
    except (KeyboardInterrupt, web.GracefulExit):
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
