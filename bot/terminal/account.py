"""Who sits at the terminal."""

import os
import pwd

from bot.domain.person import TERMINAL, Actor
from bot.services.catalog import Catalog


def account(catalog: Catalog, migration: str) -> Actor:
    """The account of the host, as the person whom the migration's playbook says it is."""
    name = _host_account()
    loaded = catalog.get(migration).playbook if migration in catalog.migrations else None
    person = loaded.people.get(name) if loaded else None
    return Actor(person or f"{TERMINAL}{name}", f"{name} (terminal)", account=name)


def administrator() -> Actor:
    """The account of the host, for what is of no migration."""
    name = _host_account()
    return Actor(f"{TERMINAL}{name}", f"{name} (terminal)", account=name)


def _host_account() -> str:
    # By the process's user, not by USER or LOGNAME, which anybody may set to somebody else's name.
    user = os.getuid()
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)
