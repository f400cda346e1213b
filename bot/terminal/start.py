"""The entry point `switchback`: loads the command line, and hands over to it."""

import gc
from importlib import import_module


def main() -> None:
    """Run the command that was typed.

    What is imported stays to the end. To look through it for rubbish while it grows takes a fifth of a
    command's start, so that waits until all is there.
    """
    gc.disable()
    command_line = import_module("bot.terminal.main")
    gc.freeze()
    gc.enable()
    command_line.app()
