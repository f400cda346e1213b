"""How much is wrong in a discrepancy, so that an explanation covers no more than it was given for."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict

# A percentage moves a little with what it is a percentage of, although the difference is the same.
_JITTER = Decimal("1.1")


class Extent(BaseModel):
    """How many things, how far off in which direction, and in which columns.

    `variance` is that of the result or group, in the unit of its tolerance; None is further off than any
    number, 0 where nothing is measured. `columns` are those in which a row differs, empty where they are not
    known.
    """

    model_config = ConfigDict(frozen=True)
    count: int = 1
    variance: Decimal | None = Decimal(0)
    columns: tuple[str, ...] = ()

    def outgrows(self, explained: "Extent", limit: Decimal) -> bool:
        """Whether it is more than was explained: more things, another column, the other direction, or further
        off by more than a tenth and the check's own tolerance.
        """
        if self.count > explained.count or (explained.columns and set(self.columns) - set(explained.columns)):
            return True
        if self.variance is None or explained.variance is None:
            return self.variance is None and explained.variance is not None
        turned = self.variance * explained.variance < 0
        return turned or abs(self.variance) > abs(explained.variance) * _JITTER + limit


ONE_THING = Extent()
"""One thing of which nothing is measured."""
