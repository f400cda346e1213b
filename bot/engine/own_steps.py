"""Step kinds that belong to the interpreter: manual, wait, wait-until, message. They change only our own
store."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from bot.domain.hold import waited_until
from bot.domain.messages.facts import Plain
from bot.domain.playbook.people import ChannelName
from bot.domain.playbook.plans import WAIT_UNTIL, Step
from bot.domain.playbook.schedule import TimeOfDay
from bot.domain.quantities import Duration, format_duration
from bot.domain.run import Run
from bot.domain.step_state import StepState
from bot.engine.run_telling import labelled
from bot.ports.action import Parameters
from bot.ports.outcome import Preview
from bot.store.store import Transaction

_MINUTE = timedelta(minutes=1)


class ManualParameters(Parameters):
    """What a person does; the step waits for their button."""

    open_to_inputs: ClassVar[frozenset[str]] = frozenset({"instructions"})
    instructions: Annotated[str, StringConstraints(min_length=1, max_length=1500)]


class WaitParameters(Parameters):
    """How long nothing happens."""

    duration: Duration


class WaitUntilParameters(Parameters):
    """A time of the cutover's day, or of so many days after it, in the cutover's zone."""

    at: TimeOfDay
    day: Annotated[int, Field(ge=0, le=30)] = 0


class MessageParameters(Parameters):
    """A text for a channel."""

    open_to_inputs: ClassVar[frozenset[str]] = frozenset({"text"})
    channel: ChannelName
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


OWN_STEPS: Mapping[str, type[Parameters]] = {
    "manual": ManualParameters,
    "wait": WaitParameters,
    WAIT_UNTIL: WaitUntilParameters,
    "message": MessageParameters,
}


def preview(step: Step) -> Preview:
    """What a step of the interpreter's own would do."""
    parameters = OWN_STEPS[step.uses].model_validate(step.with_)
    match parameters:
        case ManualParameters():
            return Preview(effect="A person does this and presses “Done”", exact=parameters.instructions)
        case WaitParameters():
            exact = f"wait {format_duration(parameters.duration)}"
            return Preview(effect="Nothing happens meanwhile", exact=exact)
        case WaitUntilParameters():
            later = f", {parameters.day} days after it" if parameters.day else ""
            exact = f"wait until {parameters.at} of the cutover's day{later}"
            return Preview(effect="Nothing happens before that; at once where it is past", exact=exact)
        case MessageParameters():
            return Preview(effect=f"Posts in {parameters.channel}", exact=parameters.text)
    raise TypeError(step.uses)


def begin(run: Run, state: StepState, now: datetime) -> StepState:
    """The step's state once it has begun: done at once, or waiting for a press or a time."""
    parameters = OWN_STEPS[run.step(state.step).uses].model_validate(run.step(state.step).with_)
    begun = state.model_copy(
        update={"attempt": state.attempt + 1, "started_at": now, "status": "waiting", "due": None}
    )
    match parameters:
        case WaitParameters():
            return begun.model_copy(update={"due": now + parameters.duration})
        case WaitUntilParameters():
            return _until(run, begun, parameters, now)
        case MessageParameters():
            return _done(begun, f"posted in {parameters.channel}", now)
    return begun


def _until(run: Run, begun: StepState, parameters: WaitUntilParameters, now: datetime) -> StepState:
    """Waiting for a moment, or done at once: it is past, or this run has no day."""
    due = waited_until(run.step(begun.step), run)
    if due is None:
        why = "a rehearsal waits for no time of day" if run.rehearsal else "there is no such day"
        return _done(begun, why, now)
    if due > now:
        return begun.model_copy(update={"due": due})
    late = now - due
    ago = f"{parameters.at} was {format_duration(late - late % _MINUTE)} ago"
    return _done(begun, ago if late >= _MINUTE else f"it is {parameters.at}", now)


def _done(begun: StepState, summary: str, now: datetime) -> StepState:
    return begun.model_copy(update={"status": "done", "ended_at": now, "summary": summary})


async def take_effect(tx: Transaction, run: Run, state: StepState, now: datetime) -> None:
    """What a step that has begun does to our own store."""
    parameters = OWN_STEPS[run.step(state.step).uses].model_validate(run.step(state.step).with_)
    if isinstance(parameters, MessageParameters):
        await tx.outbox.say(
            channel=parameters.channel,
            subject=f"step:{run.id}:{state.step}",
            facts=Plain(text=f"{labelled(run)}{parameters.text}"),
            at=now,
        )
