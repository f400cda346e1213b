"""The loaded playbooks, by migration."""

from collections.abc import Iterator, Mapping

from bot.domain.errors import UnknownNameError
from bot.domain.playbook.loaded import LoadedPlaybook
from bot.domain.playbook.plans import Plan


class Catalog:
    """Finds playbooks. An unknown migration is answered with the known ones."""

    def __init__(self, playbooks: Mapping[str, LoadedPlaybook]) -> None:
        self._playbooks = dict(playbooks)

    def __iter__(self) -> Iterator[LoadedPlaybook]:
        return iter(self._playbooks.values())

    @property
    def migrations(self) -> tuple[str, ...]:
        """The names of all migrations, sorted."""
        return tuple(sorted(self._playbooks))

    def get(self, migration: str) -> LoadedPlaybook:
        """The playbook of a migration. Raises UnknownNameError."""
        if migration not in self._playbooks:
            raise UnknownNameError("migration", migration, self._playbooks)
        return self._playbooks[migration]

    def plan(self, migration: str, plan_id: str) -> Plan:
        """A plan of a migration. Raises UnknownNameError."""
        plans = self.get(migration).playbook.plans
        if plan_id not in plans:
            raise UnknownNameError("plan", plan_id, plans)
        return plans[plan_id]
