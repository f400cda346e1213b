"""A person's second factor: a secret that only their device and this bot have, and codes made of it."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from bot.domain.person import Actor

MOST_WRONG = 5
LOCKED_FOR = timedelta(minutes=15)


class SecondFactorRecord(BaseModel):
    """One person's. `seed` is encrypted. `last_step` is the time step of the last code that was used, and
    `failures` how many were wrong in a row since then, or since it was locked.
    """

    model_config = ConfigDict(frozen=True)
    user_id: str
    name: str
    seed: str
    enrolled_by: Actor
    enrolled_at: datetime
    last_step: int = 0
    failures: int = 0
    locked_until: datetime | None = None

    @property
    def subject(self) -> str:
        """What its audit entries are filed under."""
        return factor_subject(self.user_id)

    def locked(self, now: datetime) -> bool:
        """Whether no code is taken now."""
        return self.locked_until is not None and now < self.locked_until


def factor_subject(user_id: str) -> str:
    """What the audit entries about a person's second factor are filed under."""
    return f"second_factor:{user_id}"
