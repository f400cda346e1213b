"""Ports that nobody listens at."""

import socket
from collections.abc import Iterable
from contextlib import ExitStack


def unused_ports(names: Iterable[str]) -> dict[str, str]:
    """One for each name, as a setting is written: held together for a moment, so that no two are the same."""
    ports: dict[str, str] = {}
    with ExitStack() as held:
        for name in names:
            one = held.enter_context(socket.socket())
            one.bind(("127.0.0.1", 0))
            ports[name] = str(one.getsockname()[1])
    return ports
