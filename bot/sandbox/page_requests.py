"""What a page sends."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class PageRequest(BaseModel):
    """Something that a person did."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    user: str


class CommandRequest(PageRequest):
    channel: str
    text: str
    thread_ts: str | None = None


class MessageRequest(PageRequest):
    channel: str
    text: str = Field(min_length=1)
    thread_ts: str | None = None


class InputState(BaseModel):
    """Slack's `state`: what is filled in, by block_id and action_id."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    values: dict[str, JsonValue] = Field(default_factory=dict)


class MessageContainer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["message"]
    channel: str
    ts: str


class ViewContainer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["view"]
    view_id: str


class PressRequest(PageRequest):
    """A press; the extra fields are those of actions[0], as selected_option."""

    model_config = ConfigDict(extra="allow", frozen=True)

    __pydantic_extra__: dict[str, JsonValue]

    container: Annotated[MessageContainer | ViewContainer, Field(discriminator="type")]
    action_id: str
    type: str = "button"
    block_id: str | None = None
    state: InputState = InputState()


class SubmitRequest(PageRequest):
    view_id: str
    state: InputState = InputState()


class CloseRequest(PageRequest):
    view_id: str


class ShortcutRequest(PageRequest):
    callback_id: str
    channel: str | None = None
    message_ts: str | None = None


class HomeRequest(PageRequest):
    pass
