"""Inputs of a plan, typed at the terminal as `--input ticket=ABC-1`."""

from typing import Annotated

import typer

Inputs = Annotated[
    list[str] | None,
    typer.Option("--input", metavar="ID=VALUE", help="An input of the plan; once for each of them."),
]


def typed_inputs(given: Inputs) -> dict[str, str]:
    """The inputs by their ids. Raises BadParameter for what has no name."""
    values: dict[str, str] = {}
    for one in given or ():
        name, equals, value = one.partition("=")
        if not (name and equals):
            raise typer.BadParameter(f"“{one}” is not an input; write --input ticket=ABC-1")
        values[name] = value
    return values
