"""What Slack sends, parsed at the edge."""

from collections.abc import Mapping

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from bot.domain.person import Actor
from bot.domain.playbook.inputs import FIELD

_INTERACTIONS = ("block_actions", "view_submission")
_PRIVATE = frozenset({"directmessage", "privategroup", "mpdm"})


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class User(_Payload):
    """A person, as Slack names them."""

    id: str
    name: str = Field(validation_alias=AliasChoices("name", "username"))

    @property
    def actor(self) -> Actor:
        """The person, for our records."""
        return Actor(self.id, self.name)


class Command(_Payload):
    """A slash command."""

    command: str
    text: str = ""
    user_id: str
    user_name: str
    channel_id: str
    channel_name: str
    trigger_id: str

    @property
    def actor(self) -> Actor:
        """Who typed it."""
        return Actor(self.user_id, self.user_name)

    @property
    def words(self) -> tuple[str, ...]:
        """What was typed behind the command."""
        return tuple(self.text.split())

    @property
    def public_channel(self) -> str | None:
        """The channel it was typed in, unless only some people can see that."""
        return None if self.channel_name in _PRIVATE else self.channel_id


class PressedButton(_Payload):
    """The button of a press."""

    action_id: str
    value: str = ""

    @property
    def detail(self) -> str:
        """What stands behind the colon of the action id."""
        return self.action_id.partition(":")[2]


class Channel(_Payload):
    """Where a message is."""

    id: str


class Press(_Payload):
    """A press of a button in a message, or in a person's Home, which is in no channel."""

    user: User
    trigger_id: str
    channel: Channel | None = None
    actions: tuple[PressedButton, ...] = Field(min_length=1)

    @property
    def button(self) -> PressedButton:
        """The one that was pressed."""
        return self.actions[0]


class HomeOpened(_Payload):
    """The event of a person who opened one of the app's tabs."""

    user: str
    tab: str = ""


class ShownView(_Payload):
    """The view that a press or a submission is of."""

    type: str = ""


class Interaction(_Payload):
    """A press, or a modal that was submitted, of whatever kind."""

    type: str
    user: User
    view: ShownView = ShownView()

    @property
    def at_home(self) -> bool:
        """Whether it was pressed in the person's Home."""
        return self.type == "block_actions" and self.view.type == "home"

    @classmethod
    def of(cls, body: Mapping[str, object]) -> "Interaction | None":
        """The press or submission in a request; None in one that is something else."""
        return cls.model_validate(body) if body.get("type") in _INTERACTIONS else None


class CriterionPress(_Payload):
    """A press of a button about a criterion: in a message, in a Home, or in a modal."""

    user: User
    trigger_id: str
    actions: tuple[PressedButton, ...] = Field(min_length=1)
    view: ShownView = ShownView()

    @property
    def button(self) -> PressedButton:
        """The one that was pressed."""
        return self.actions[0]

    @property
    def in_modal(self) -> bool:
        """Whether a modal is open: another one goes on top of it, and nothing can be told in a channel."""
        return self.view.type == "modal"


class Option(_Payload):
    """A chosen option."""

    value: str


class InputState(_Payload):
    """One input of a modal."""

    value: str | None = None
    selected_option: Option | None = None
    selected_date: str | None = None
    selected_user: str | None = None

    @property
    def chosen(self) -> str:
        """The value of the option, the day or the person that was chosen, or nothing."""
        option = self.selected_option.value if self.selected_option else ""
        return option or self.selected_date or self.selected_user or ""


class ViewState(_Payload):
    """All inputs of a modal, by block and action."""

    values: Mapping[str, Mapping[str, InputState]] = Field(default_factory=dict)


class View(_Payload):
    """A submitted modal."""

    callback_id: str
    private_metadata: str = ""
    state: ViewState = ViewState()

    @property
    def detail(self) -> str:
        """What stands behind the colon of the callback id."""
        return self.callback_id.partition(":")[2]


class Submission(_Payload):
    """A modal that was submitted."""

    user: User
    trigger_id: str = ""
    view: View

    def typed(self, block: str) -> str:
        """The text typed into a block, or nothing."""
        inputs = self.view.state.values.get(block, {})
        return next((given.value or "" for given in inputs.values()), "")

    def chosen(self, block: str) -> str:
        """The value chosen in a block, or nothing."""
        inputs = self.view.state.values.get(block, {})
        return next((given.chosen for given in inputs.values() if given.chosen), "")

    @property
    def inputs(self) -> dict[str, str]:
        """What was typed or chosen for the inputs of a plan, by their ids."""
        return {
            block.removeprefix(FIELD): self.typed(block) or self.chosen(block)
            for block in self.view.state.values
            if block.startswith(FIELD)
        }
