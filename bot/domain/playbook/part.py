"""What every part of a playbook shares: it is frozen, and unknown keys are errors."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bot.domain.select_only import one_select

# A description of a type says what is written there: messages and editors show it.
Identifier = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60),
    Field(description="a name of small letters, digits, - and _ (at most 60)"),
]
Text = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


def _only_a_select(sql: str) -> str:
    one_select(sql)
    return sql


Sql = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_only_a_select)]


class Part(BaseModel):
    """A part of a playbook."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class FromEnvironment(Part):
    """A reference to a setting or secret of the bot's environment, by name; never the value."""

    env: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$"),
        Field(description="the name of a setting, such as LEDGER_URL"),
    ]
