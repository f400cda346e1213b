"""Who did something."""

from dataclasses import dataclass

TERMINAL = "terminal:"


@dataclass(frozen=True)
class Actor:
    """A person by Slack id and name, an account of the host, or the bot itself.

    `account` is the account by which somebody acts at the terminal. A playbook may say who that is in
    Slack: the id is the person's own then, else `terminal:account`.
    """

    id: str
    name: str
    account: str = ""

    @property
    def at_terminal(self) -> bool:
        """Whether it is done at the terminal, by whomever."""
        return bool(self.account) or self.unmapped

    @property
    def unmapped(self) -> bool:
        """Whether it is an account of the host of which nobody can say who that is in Slack."""
        return self.id.startswith(TERMINAL)


SWITCHBACK = Actor(id="switchback", name="Switchback")
