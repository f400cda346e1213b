"""A group of commands whose usual one needs no name: it lists."""

from typing import Any

from typer.core import TyperGroup

LIST = "list"


class ListedGroup(TyperGroup):
    """Takes what is none of its commands for the arguments of its `list`."""

    # Typer keeps the class of a context to itself.
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `list` before them."""
        named = args and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named or not args else [LIST, *args])
