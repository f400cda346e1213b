"""Codes of a second factor, where the present phase asks for them when a rollback is decided on."""

from bot.domain.person import Actor
from bot.domain.start_request import StartRequest
from bot.ports.second_factor import SecondFactor
from bot.services.catalog import Catalog
from bot.services.phases import present
from bot.store.store import Store


class RollbackCodes:
    """Says whether a code is asked for, and uses it up."""

    def __init__(self, *, catalog: Catalog, second_factor: SecondFactor, store: Store) -> None:
        self._catalog = catalog
        self._second_factor = second_factor
        self._store = store

    async def are_asked_for(self, request: StartRequest) -> bool:
        """Whether who approves this rollback, or goes on alone with it, types a code in the present phase."""
        playbook = self._catalog.get(request.migration).playbook
        async with self._store.reading() as tx:
            return (await present(tx, playbook)).rollback_second_factor

    async def must_be_right(self, request: StartRequest, actor: Actor, code: str) -> bool:
        """Use up a person's code where one is asked for; False where none is.

        Raises RefusedError (field `code`) as the second factor does.
        """
        if not await self.are_asked_for(request):
            return False
        await self._second_factor.must_be_right(actor, code)
        return True
