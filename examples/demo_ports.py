"""The ports of `make demo`: read from its settings, checked, and written into the playbook."""

import re
import socket
from collections.abc import Mapping
from itertools import combinations

# Each with its setting; an example adds those of its parts.
SHARED = {"SWITCHBACK_SANDBOX_PORT": 8700, "SWITCHBACK_PORT": 8701}


class WrongPortsError(Exception):
    """The settings name ports that cannot be used; its text is one line for each reason."""


def chosen_ports(defaults: Mapping[str, int], settings: Mapping[str, str]) -> dict[str, int]:
    """The port of each setting. Raises WrongPortsError for what is no port, or is one twice."""
    written = {name: settings.get(name) or str(port) for name, port in defaults.items()}
    wrong = [
        f"{name} is {text!r}: a port is a number from 1 to 65535."
        for name, text in written.items()
        if not (re.fullmatch("[0-9]{1,5}", text) and 1 <= int(text) <= 65535)
    ]
    if wrong:
        raise WrongPortsError("\n".join(wrong))
    ports = {name: int(text) for name, text in written.items()}
    twice = [
        f"{one} and {other} are both {ports[one]}: each needs a port of its own."
        for one, other in combinations(ports, 2)
        if ports[one] == ports[other]
    ]
    if twice:
        raise WrongPortsError("\n".join(twice))
    return ports


def require_free(ports: Mapping[str, int]) -> None:
    """Raises WrongPortsError when something listens on one of them."""
    taken = [
        f"Port {port} is in use. Stop what listens there (an earlier demo?), or set {name}."
        for name, port in ports.items()
        if not _free(port)
    ]
    if taken:
        raise WrongPortsError("\n".join(taken))


def with_ports(playbook: str, defaults: Mapping[str, int], ports: Mapping[str, int]) -> str:
    """The text of an example's playbook with these ports in place of the default ones."""
    chosen = {str(port): str(ports[name]) for name, port in defaults.items()}
    return re.sub(r"(?<=127\.0\.0\.1:)\d+", lambda found: chosen.get(found.group(), found.group()), playbook)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
