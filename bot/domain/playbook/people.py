"""Channels and roles."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.playbook.part import Part, Text

ChannelName = Annotated[
    str,
    StringConstraints(pattern=r"^#[a-z0-9_-]{1,80}$"),
    Field(description='the name of a channel, such as "#incidents"'),
]
UserId = Annotated[
    str, StringConstraints(pattern=r"^[UW][A-Z0-9]{2,}$"), Field(description="a Slack user id, such as U0123")
]
Handle = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9_-]+$"),
    Field(description="the handle of a user group, without @"),
]

AccountName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.@+\\$-]{0,99}$"),
    Field(description="the name of an account of the host, such as sam"),
]


class Channels(Part):
    """Where the bot speaks."""

    incidents: ChannelName
    summaries: ChannelName
    approvals: ChannelName


class Contact(Part):
    """Whom to call when the rollback itself fails, how, and what they do."""

    title: Text
    reach: Text
    does: Text | None = None


class Role(Part):
    """Who is in a role: a Slack user group by its handle, or listed user ids."""

    usergroup: Handle | None = None
    users: tuple[UserId, ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.usergroup is None) == (not self.users):
            raise ValueError("a role is either a usergroup or a list of users")
        return self

    def described(self) -> str:
        """How a person names the role's members: the group's handle, or how many are listed."""
        return f"@{self.usergroup}" if self.usergroup else f"{len(self.users)} listed people"
