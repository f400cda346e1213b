"""A code that only the person has, beside their Slack session."""

from typing import Protocol

from bot.domain.person import Actor


class SecondFactor(Protocol):
    """Checks codes; each is good once."""

    async def must_be_right(self, actor: Actor, code: str) -> None:
        """Use up a person's code.

        Raises RefusedError (field `code`) for a wrong or used one, for one who is not enrolled, and while
        too many were wrong.
        """
