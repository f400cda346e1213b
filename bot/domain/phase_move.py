"""In which phase a migration is: what people decided, not what a file says."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from bot.domain.person import Actor


class PhaseMove(BaseModel):
    """A migration came into a phase. `number` counts its moves from 1; `cause` is the decision or the run
    that it rests on, empty for the first, which is the playbook's own.

    `extended_to` is the end of the phase as it was decided later than planned.
    """

    model_config = ConfigDict(frozen=True)
    migration: str
    number: int
    phase: str
    since: datetime
    by: Actor
    reason: str = ""
    cause: str = ""
    extended_to: datetime | None = None
