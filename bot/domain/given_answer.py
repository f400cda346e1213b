"""What a person answered to a question of the decision tree."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from bot.domain.measurement import Measurement
from bot.domain.person import Actor


class GivenAnswer(BaseModel):
    """An answer with who gave it, when, and what was measured beside the question."""

    model_config = ConfigDict(frozen=True)
    question: str
    answer: str
    by: Actor
    at: datetime
    measured: tuple[Measurement, ...] = ()
