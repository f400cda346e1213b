"""Facts of a review's message."""

from typing import ClassVar

from bot.domain.messages.facts import Facts
from bot.domain.review import Review


class ReviewFacts(Facts):
    """A review, open or closed."""

    kind: ClassVar[str] = "review"
    review: Review
