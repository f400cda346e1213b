"""The `exec` adapter: runs a command, given as a list of arguments, never through a shell.

The command gets a clean environment (search path, home, account, language, and what `env` adds), so
none of the bot's own secrets. When the bot is killed with SIGKILL, the command goes on: the probe and
the next attempt look for it first (`process_search`).
"""

import asyncio
import shlex
from dataclasses import replace
from typing import ClassVar, Literal

from actions.command import Command, Ended, run_command
from actions.exec_parameters import ExecParameters, ExecProbe
from actions.measured import Stopwatch
from actions.process_search import marked, marks
from actions.program import NotStartedError, clean_environment, resolve, working_folder
from actions.redaction import Secrets, Value, names, shown
from bot.domain.errors import SettingsError
from bot.domain.playbook.part import FromEnvironment
from bot.ports.action import Action, ActionContext, Parameters
from bot.ports.outcome import Evidence, Nature, Outcome, Preview, Probe


class ExecAction(Action[ExecParameters]):
    """Runs a command."""

    kind: ClassVar[str] = "exec"
    parameters: ClassVar[type[Parameters]] = ExecParameters

    def nature(self, parameters: ExecParameters) -> Nature:
        """As declared."""
        return Nature(idempotent=parameters.idempotent, secrets=names(*parameters.env.values()))

    async def preview(self, parameters: ExecParameters, context: ActionContext) -> Preview:
        """The command line with secrets by name; program, folder and settings are looked up."""
        settings = "".join(f"{name}={_quoted(value)} " for name, value in parameters.env.items())
        statuses = " or ".join(str(status) for status in parameters.success_exit)
        folder = context.folder / parameters.cwd
        effect = f"Runs {parameters.argv[0]} in {folder}; exit {statuses} is success"
        secrets = Secrets(context.secret)
        try:
            command = _command(parameters, context, secrets, "act")
            if parameters.probe:
                _command(parameters, context, secrets, "probe")
        except (SettingsError, NotStartedError) as error:
            exact = f"{settings}{shlex.join(parameters.argv)}"
            return Preview(effect, exact, ready=False, problem=secrets.redact(str(error)))
        return Preview(effect, f"{settings}{shlex.join(command.argv)}")

    async def act(self, parameters: ExecParameters, context: ActionContext) -> Outcome:
        """Run it to its end, or end its process group."""
        secrets = Secrets(context.secret)
        watch = Stopwatch()
        if context.cancelled.is_set():
            return Outcome("failed", "It was cancelled before it started; nothing was done")
        try:
            command = _command(parameters, context, secrets, "act")
            # Before the first attempt there is nothing of this step to be found.
            running = await _still_running(command) if context.attempt > 1 else ""
            if running:
                return Outcome("unknown", running)
            attempt = replace(command, marks=command.marks | {"SWITCHBACK_NONCE": context.nonce})
            ended = await run_command(attempt, seconds=context.seconds, cancelled=context.cancelled)
        except (SettingsError, NotStartedError) as error:
            return Outcome("failed", secrets.redact(f"Nothing was done: {error}"))
        return _outcome(parameters, ended, (*_evidence(ended, secrets), watch.evidence()))

    async def probe(self, parameters: ExecParameters, context: ActionContext) -> Probe:
        """What the probe's command answers, unless the command of an earlier attempt still runs."""
        secrets = Secrets(context.secret)
        try:
            running = await _still_running(_command(parameters, context, secrets, "act"))
            if running:
                return Probe("unknown", running)
            if parameters.probe is None:
                return Probe("unknown", "This step declares no probe; look at the system it acts on")
            command = _command(parameters, context, secrets, "probe")
            ended = await run_command(command, seconds=context.seconds, cancelled=context.cancelled)
        except (SettingsError, NotStartedError) as error:
            return Probe("unknown", secrets.redact(f"The probe could not be run: {error}"))
        return _answer(parameters.probe, ended, _evidence(ended, secrets))


def _quoted(value: Value) -> str:
    return shown(value) if isinstance(value, FromEnvironment) else shlex.quote(value)


def _command(
    parameters: ExecParameters, context: ActionContext, secrets: Secrets, purpose: Literal["act", "probe"]
) -> Command:
    added = {name: secrets.value(value) for name, value in parameters.env.items()}
    env = clean_environment() | added
    argv = parameters.probe.argv if parameters.probe and purpose == "probe" else parameters.argv
    program = resolve(argv[0], folder=context.folder, search_path=env["PATH"])
    cwd = working_folder(context.folder / parameters.cwd)
    return Command(argv=(program, *argv[1:]), cwd=cwd, env=env, marks=marks(context, purpose))


async def _still_running(command: Command) -> str:
    """What to say when the command of an earlier attempt still runs on this host, else nothing."""
    processes = await asyncio.to_thread(marked, command.marks)
    running = [str(process.pid) for process in processes if process.runs(command.argv)]
    if not running:
        return ""
    return (
        f"The command of an earlier attempt is still running (process {', '.join(running)}); "
        "wait for its end or end it, then ask again"
    )


def _status(ended: Ended) -> str:
    if ended.status is None:
        return "none: it has not ended"
    return f"exit {ended.status}" if ended.status >= 0 else f"ended by signal {-ended.status}"


def _evidence(ended: Ended, secrets: Secrets) -> tuple[Evidence, ...]:
    return (
        Evidence("exit status", _status(ended)),
        Evidence("stdout", ended.stdout.text(secrets)),
        Evidence("stderr", ended.stderr.text(secrets)),
    )


def _outcome(parameters: ExecParameters, ended: Ended, evidence: tuple[Evidence, ...]) -> Outcome:
    if ended.cut and ended.left:
        text = f"It was to be ended because {ended.cut.value}, but {ended.left} still runs on the bot's host"
        return Outcome("unknown", f"{text}; look what it is doing before anything else is done", evidence)
    if ended.cut:
        text = f"It was ended because {ended.cut.value}; what it had done until then stays done"
        return Outcome("failed", text, evidence)
    if ended.status in parameters.success_exit:
        behind = f"; {ended.left} goes on" if ended.left else ""
        return Outcome("succeeded", f"{parameters.argv[0]}: {_status(ended)}{behind}", evidence)
    return Outcome("failed", f"{parameters.argv[0]}: {_status(ended)}; see its output", evidence)


def _answer(probe: ExecProbe, ended: Ended, evidence: tuple[Evidence, ...]) -> Probe:
    if ended.cut:
        return Probe("unknown", f"The probe was ended because {ended.cut.value}", evidence)
    status = _status(ended)
    if status == probe.done_when:
        return Probe("yes", f"The probe says that it has been done ({status})", evidence)
    if status == probe.not_done_when:
        return Probe("no", f"The probe says that it has not been done ({status})", evidence)
    return Probe("unknown", f"The probe gave no answer ({status}); see its output", evidence)
