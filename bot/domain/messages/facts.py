"""What every kind of message has: a kind, and frozen facts."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Facts(BaseModel):
    """The facts of one message. `kind` names how it is rendered."""

    model_config = ConfigDict(frozen=True)
    kind: ClassVar[str]


class Plain(Facts):
    """A sentence or two, in Slack's mrkdwn."""

    kind: ClassVar[str] = "plain"
    text: str
