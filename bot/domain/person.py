"""Who did something."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person by Slack id and name, a terminal account (`terminal:name`), or the bot itself."""

    id: str
    name: str


SWITCHBACK = Actor(id="switchback", name="Switchback")
