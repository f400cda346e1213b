"""A measured value as it stands beside a question."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class MeasuredLine(BaseModel):
    """A value beside a question. `good` is None when nothing says so, or when it is `unknown`."""

    model_config = ConfigDict(frozen=True)
    title: str
    text: str
    good: bool | None
    unknown: bool = False
    at: datetime
