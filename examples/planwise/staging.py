"""Planwise in staging: both systems and their router, in one process, over data of their own.

python examples/planwise/staging.py
"""

import argparse
import sys
from pathlib import Path

from yarl import URL

from examples.planwise import router, service
from examples.serving_together import HOST, serve_together


def main() -> int:
    """Serve until interrupted. Exit 2: a port is taken."""
    parser = argparse.ArgumentParser(description="Serve planwise in staging, on 127.0.0.1.")
    parser.add_argument("--legacy-port", type=int, default=8721)
    parser.add_argument("--new-port", type=int, default=8722)
    parser.add_argument("--router-port", type=int, default=8723)
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "staging")
    given = parser.parse_args()
    ports = {"legacy": given.legacy_port, "new": given.new_port}
    systems = {name: URL(f"http://{HOST}:{port}") for name, port in ports.items()}
    applications = [
        (ports[name], service.application(service.Planwise(name, given.data))) for name in ("legacy", "new")
    ]
    front = router.application(router.Routes(given.data / "routing.json", systems))
    return serve_together([*applications, (given.router_port, front)])


if __name__ == "__main__":
    sys.exit(main())
