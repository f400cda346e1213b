"""What is not ours, and what most services are made of."""

from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from bot.engine.registry import ActionRegistry
from bot.ports.clock import Clock, Ids
from bot.ports.coverage import CoverageReader
from bot.ports.reconciler import Reconciler
from bot.ports.roles import RoleDirectory
from bot.ports.table_reader import TableReader
from bot.services.catalog import Catalog
from bot.services.measuring import MeasuresSignals
from bot.services.permissions import Permissions
from bot.services.phases import Phases
from bot.services.walk_display import WalkDisplay
from bot.store.store import Store


@dataclass(frozen=True)
class Outside:
    """What is not ours: people's roles, the two systems, the adapters, secrets, time and ids."""

    roles: RoleDirectory
    signals: MeasuresSignals
    reconciler: Reconciler
    tables: TableReader
    coverage: CoverageReader
    registry: ActionRegistry
    session: aiohttp.ClientSession
    secret: Callable[[str], str]
    clock: Clock
    ids: Ids
    replica: str


@dataclass(frozen=True)
class Common:
    """What most services are made of."""

    catalog: Catalog
    phases: Phases
    permissions: Permissions
    display: WalkDisplay
    store: Store
    outside: Outside
