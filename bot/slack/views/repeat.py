"""A message that is sent again although its first sending may have arrived."""

from dataclasses import replace

from bot.slack.blocks import Block, Message, context

NOTE = "This may be here twice: Switchback could not look up whether it had arrived before."


def as_repeat(message: Message) -> Message:
    """The message with a line that says so."""
    return replace(
        message,
        text=f"{message.text}\n{NOTE}",
        blocks=_noted(message.blocks),
        plainer=_noted(message.plainer),
    )


def _noted(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    # A form without blocks has its note in the text.
    return (*blocks, context(NOTE)) if blocks else ()
