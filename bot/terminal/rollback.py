"""`switchback rollback`: from the first question to the running rollback, without Slack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import typer

from bot.domain.errors import RefusedError
from bot.domain.run import Run
from bot.terminal.awaiting import Waiting
from bot.terminal.ending import FINDING, Json, ended, say_json, speaking, steering
from bot.terminal.inputs import Inputs, typed_inputs
from bot.terminal.keyboard import keyboard_of
from bot.terminal.leading import Leading, Reached, known
from bot.terminal.runs import run_line
from bot.terminal.walk_words import walk_body
from bot.terminal.watching import driven
from bot.terminal.who_drives import WhoDrives

Answers = Annotated[
    list[str],
    typer.Option("--answer", metavar="QUESTION=ANSWER", help="An answer of a script, by the playbook's ids."),
]


def rollback(  # noqa: PLR0917 - the command line gives them by name
    migration: Annotated[str, typer.Argument(help="The migration.")],
    answer: Answers = [],  # noqa: B006
    confirm: Annotated[
        str | None, typer.Option(metavar="MIGRATION", help="The migration's name typed, for a script.")
    ] = None,
    given: Inputs = None,
    alone: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="Go on without the approvals that it takes; for a script."),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the approvals that it takes.")] = False,
    drive: Annotated[
        bool, typer.Option("--drive", help="Drive the run in this process: no bot need be running.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Decide on a rollback and start it. Exit status 1 when it waits for an answer or for somebody."""
    answers = dict(_pair(text) for text in answer)
    script = Script(answers, confirm, typed_inputs(given), Waiting(alone, wait))
    status = ended(_roll_back(migration, script, drive=drive, as_json=as_json), as_json=as_json)
    if status:
        raise typer.Exit(status)


def _pair(text: str) -> tuple[str, str]:
    question, equals, answer = text.partition("=")
    if not (question and equals and answer):
        raise typer.BadParameter(f"“{text}” is not QUESTION=ANSWER", param_hint="--answer")
    return question, answer


@dataclass(frozen=True)
class Script:
    """What was given beforehand: answers by their questions, the typed name, inputs, and what comes then."""

    answers: Mapping[str, str]
    confirm: str | None
    inputs: Mapping[str, str]
    waiting: Waiting


async def _roll_back(migration: str, script: Script, *, drive: bool, as_json: bool) -> int:
    say = speaking(as_json=as_json)
    async with steering() as switchback:
        playbook = await switchback.services.phases.playbook(migration)
        known(playbook, script.answers)
        if script.waiting.alone is not None and not playbook.rollback_quorum:
            what = f"In phase “{playbook.phase}” a rollback takes no approvals"
            raise RefusedError(what, do="Leave --alone out")
        keyboard = keyboard_of(as_json=as_json)
        who_drives = WhoDrives(switchback, here=drive, keyboard=keyboard)
        leading = Leading(
            switchback,
            playbook,
            answers=script.answers,
            confirm=script.confirm,
            inputs=script.inputs,
            waiting=script.waiting,
            who_drives=who_drives,
            say=say,
            keyboard=keyboard,
        )
        reached = await leading.lead()
        run = reached.run
        if run is not None:
            if who_drives.here:
                run = await driven(switchback, run.id, say=say, keyboard=keyboard)
            else:
                say(run_line(run))
                say(f"Follow it: switchback runs watch {run.id}")
        elif reached.walk.closed_by is None and keyboard is not None:
            say(f"Left as it is. Take it up in Slack, or here: switchback rollback {migration}")
        if as_json:
            body = walk_body(playbook, reached.walk, reached.preview, reached.request)
            say_json({**body, "run": run.id if run else None, "run_status": run.status if run else None})
        return _status(reached, run, drive=who_drives.here)


def _status(reached: Reached, run: Run | None, *, drive: bool) -> int:
    if run is None:
        return 0 if reached.walk.status == "watching" else FINDING
    return FINDING if drive and run.status != "done" else 0
