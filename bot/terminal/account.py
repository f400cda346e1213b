"""Who sits at the terminal."""

import getpass

from bot.domain.person import TERMINAL, Actor


def account() -> Actor:
    """The account of the host."""
    name = getpass.getuser()
    return Actor(f"{TERMINAL}{name}", f"{name} (terminal)")
