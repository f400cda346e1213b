"""Facts of a criterion that people settle: who has signed or voted, and who is asked."""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from bot.domain.messages.facts import Facts
from bot.domain.statement import Statement
from bot.domain.statement_count import Count
from bot.domain.statement_request import StatementRequest


class GivenStatement(BaseModel):
    """A statement that counts, with the task it is about."""

    model_config = ConfigDict(frozen=True)
    statement: Statement
    item_title: str = ""


class StatementsFacts(Facts):
    """A criterion by people as it stands at `at`. `members` is how a person names those in its role.

    `withdrawn` are the newest ones of those that stand no more. `over` says why nobody is asked any more;
    empty while they are.
    """

    kind: ClassVar[str] = "statements"
    request: StatementRequest
    title: str
    gate_title: str
    text: str
    role: str
    members: str
    is_vote: bool
    count: Count
    given: tuple[GivenStatement, ...] = ()
    withdrawn: tuple[Statement, ...] = ()
    over: str = ""
    at: datetime
