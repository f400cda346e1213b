"""What a check found from day to day."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from bot.domain.check_result import CheckResult
from bot.domain.quantities import Limit

# In the message and the picture: beyond twice its limit a check is far off, and the others stay readable.
MOST_PERCENT = Decimal(200)


class CheckPoint(BaseModel):
    """What a check found in one reconciliation; `day` where that was the day's, not one that was asked for.

    Of `result` the groups and single findings are left out: the reconciliation has them.
    """

    model_config = ConfigDict(frozen=True)
    reconciliation: str
    at: datetime
    day: date | None = None
    result: CheckResult


def percent_of_limit(result: CheckResult) -> Decimal | None:
    """How far apart, as a percentage of the limit: 100 is exactly at it; at most MOST_PERCENT.

    Any difference at a limit of 0 is MOST_PERCENT, and so is one without a number, such as new from
    zero. None where nothing was compared, and where the limit is no number.
    """
    if result.status not in ("passed", "failed"):
        return None
    try:
        limit = Limit.model_validate(result.tolerance.replace(",", "")).value
    except ValueError:
        return None
    if result.variance is None:
        return MOST_PERCENT if result.status == "failed" else None
    size = abs(result.variance)
    if not limit:
        return MOST_PERCENT if size else Decimal(0)
    return min(MOST_PERCENT, size * 100 / limit)
