"""The cutover that an earlier decision brought about, as who asks for another is told of it."""

from bot.store.store import Transaction


class CutoverUnderWay:
    """Implements UnderWay by the planned cutovers."""

    async def under_way(self, tx: Transaction, migration: str) -> str:
        """Where it stands; empty where none is planned, runs or waits for its assessment."""
        cutover = await tx.cutovers.under_way(migration)
        return "" if cutover is None else f"the cutover {cutover.stands}"
