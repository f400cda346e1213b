"""The club in staging: both systems, in one process, over data of their own.

python examples/clubos/staging.py
"""

import argparse
import sys
from pathlib import Path

from examples.clubos import legacy_service, new_service
from examples.serving_together import serve_together


def main() -> int:
    """Serve until interrupted. Exit 2: a port is taken."""
    parser = argparse.ArgumentParser(description="Serve the club in staging, on 127.0.0.1.")
    parser.add_argument("--legacy-port", type=int, default=8741)
    parser.add_argument("--new-port", type=int, default=8742)
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "staging")
    given = parser.parse_args()
    legacy, new = legacy_service.application(given.data), new_service.application(given.data)
    return serve_together([(given.legacy_port, legacy), (given.new_port, new)])


if __name__ == "__main__":
    sys.exit(main())
