"""Who did something."""

from dataclasses import dataclass

TERMINAL = "terminal:"


@dataclass(frozen=True)
class Actor:
    """A person by Slack id and name, a terminal account (`terminal:name`), or the bot itself."""

    id: str
    name: str

    @property
    def at_terminal(self) -> bool:
        """Whether it is an account of the host, of which nobody can say whose Slack account is the same."""
        return self.id.startswith(TERMINAL)


SWITCHBACK = Actor(id="switchback", name="Switchback")
