"""Reminders that are given once, by whichever replica comes first."""

from datetime import datetime

from bot.store.connection import Connection
from bot.store.decision_tables import reminders
from bot.store.insert_once import insert_once


class Reminders:
    """Notes what people were reminded of."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def give(self, subject: str, number: int, *, at: datetime) -> bool:
        """Note a reminder about a subject; False when it was given already."""
        return await insert_once(
            self._connection, reminders.insert().values(subject=subject, number=number, at=at)
        )
