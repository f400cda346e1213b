"""`switchback lint`: all errors of the playbooks, each with its place."""

from pathlib import Path
from typing import Annotated

import typer

from bot.app import step_kinds
from bot.domain.errors import PlaybookError, SwitchbackError
from bot.engine.registry import ActionRegistry
from bot.playbooks.loader import load, load_all
from bot.playbooks.schema import playbook_schema
from bot.settings import Settings
from bot.terminal.ending import FINDING, Json, fail, say_json


def lint(
    playbook: Annotated[
        Path | None, typer.Argument(help="A playbook.yml; without it every one of SWITCHBACK_PLAYBOOKS.")
    ] = None,
    schema: Annotated[bool, typer.Option(help="Print the JSON Schema of a playbook instead.")] = False,
    as_json: Json = False,
) -> None:
    """Check playbooks. Exit status 1 when there are errors in them."""
    kinds = step_kinds(ActionRegistry.installed())
    if schema:
        say_json(playbook_schema(kinds))
        return
    try:
        if playbook is not None:
            loaded = {"": load(playbook, step_kinds=kinds)}
        else:
            loaded = dict(load_all(Settings.load().playbooks, step_kinds=kinds))
    except PlaybookError as error:
        if as_json:
            say_json({"findings": [vars(finding) for finding in error.findings]})
        else:
            for finding in error.findings:
                typer.echo(str(finding))
            count = len(error.findings)
            typer.echo(f"{count} {'error' if count == 1 else 'errors'}", err=True)
        raise typer.Exit(FINDING) from None
    except SwitchbackError as error:
        fail(error, as_json=as_json)
    names = [found.playbook.migration for found in loaded.values()]
    if as_json:
        say_json({"findings": [], "migrations": list(names)})
    else:
        typer.echo(f"✅ no errors: {', '.join(names)}")
