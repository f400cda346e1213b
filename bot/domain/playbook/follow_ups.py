"""Work that is due some time after a run, as declared."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator

from bot.domain.playbook.part import Identifier, Part, Text
from bot.domain.quantities import Duration

LONGEST = timedelta(days=365)


def _within_a_year(after: timedelta) -> timedelta:
    # Beyond any calendar, adding it to the end of a run would fail, and with it the run's end.
    if not timedelta() < after <= LONGEST:
        raise ValueError("a follow-up is due later than the end of its run, and within 365d")
    return after


class FollowUp(Part):
    """What is to be done by when, counted from the end of a run that was done. `owner` is a role."""

    id: Identifier
    after: Annotated[Duration, AfterValidator(_within_a_year)]
    title: Text
    owner: Identifier
