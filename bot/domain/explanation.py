"""What people say of a discrepancy: why it is there, until when it is accepted, whose it is."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.domain.extent import Extent
from bot.domain.person import Actor

Category = Literal["improvement", "bug", "breaking_change", "data_mapping", "timing"]
CATEGORIES: dict[Category, str] = {
    "data_mapping": "data mapping",
    "bug": "bug",
    "improvement": "improvement",
    "breaking_change": "breaking change",
    "timing": "timing",
}
"""Every category and how it is said."""

Ended = Literal["", "lapsed", "grew", "fixed", "reopened", "replaced"]


class Explanation(BaseModel):
    """Why a discrepancy may be there; with `until`, it is accepted to the end of that day.

    `looked` and `extent` are what the discrepancy was then. `ended` is why it no longer holds.
    """

    model_config = ConfigDict(frozen=True)
    by: Actor
    at: datetime
    text: str
    category: Category | None = None
    until: date | None = None
    looked: str
    extent: Extent = Extent()
    ended: Ended = ""


class Owner(BaseModel):
    """Whom a discrepancy was given to: a role of the playbook, or a person by id.

    `name` is how they are named; a person's is the id where it is not known.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    name: str
    role: bool = False
