"""Who sits at the terminal."""

import getpass

from bot.domain.person import Actor
from bot.services.permissions import TERMINAL


def account() -> Actor:
    """The account of the host."""
    name = getpass.getuser()
    return Actor(f"{TERMINAL}{name}", f"{name} (terminal)")
