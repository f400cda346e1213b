"""The `file` adapter: copies a file, checks that one is there, or writes one."""

import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from actions.atomic_file import digest, replacing
from actions.file_copy import Made, find_copy, make_copy, places
from actions.file_look import describe, obstacle
from actions.file_parameters import Copy, FileParameters, Present, Write, located, named
from actions.in_thread import Stop, StuckError, in_thread
from actions.limited import Cut
from actions.measured import Stopwatch
from bot.domain.errors import RefusedError, SourceError
from bot.ports.action import Action, ActionContext, Parameters
from bot.ports.outcome import Evidence, Nature, Outcome, Preview, Probe

_TROUBLE = (RefusedError, SourceError, OSError, sqlite3.Error)


class FileAction(Action[FileParameters]):
    """Copies, checks or writes a file."""

    kind: ClassVar[str] = "file"
    parameters: ClassVar[type[Parameters]] = FileParameters

    def nature(self, parameters: FileParameters) -> Nature:
        """Each of the three leaves the same behind when it is done twice."""
        match parameters.work:
            case Copy() | Present() | Write():
                return Nature(idempotent=True)

    async def preview(self, parameters: FileParameters, context: ActionContext) -> Preview:
        """The exact effect; the source, the target's folder, the space and what would be replaced."""
        work = parameters.work
        preview = Preview(f"{type(work).__name__} of a file", str(work), ready=False)

        def look(_stop: Stop) -> Preview:
            nonlocal preview
            preview = describe(work, context)
            problem = obstacle(work, context)
            return Preview(preview.effect, preview.exact, ready=not problem, problem=problem)

        try:
            looked = await in_thread(look, seconds=context.seconds, cancelled=context.cancelled)
        except (*_TROUBLE, StuckError) as error:
            return Preview(preview.effect, preview.exact, ready=False, problem=str(error))
        if isinstance(looked, Cut):
            return Preview(preview.effect, preview.exact, ready=False, problem=looked.value)
        return looked

    async def act(self, parameters: FileParameters, context: ActionContext) -> Outcome:
        """Do it, all or nothing."""
        watch = Stopwatch()
        if context.cancelled.is_set():
            return Outcome("failed", "It was cancelled before it started; nothing was done")
        try:
            made = await in_thread(
                lambda stop: _do(parameters.work, context, stop),
                seconds=context.seconds,
                cancelled=context.cancelled,
            )
        except StuckError as error:
            text = f"It was to be ended because {error}, but the disk does not answer; look at the target"
            return Outcome("unknown", text, (watch.evidence(),))
        except _TROUBLE as error:
            return Outcome("failed", str(error), (watch.evidence(),))
        if isinstance(made, Cut):
            text = f"It was ended because {made.value}; the target is as it was"
            return Outcome("failed", text, (watch.evidence(),))
        said = f"{named(made.path, context)} is there, {made.size:,} bytes"
        return Outcome("succeeded", said, (*_evidence(made), watch.evidence()))

    async def probe(self, parameters: FileParameters, context: ActionContext) -> Probe:
        """Whether the target is what the step makes it."""
        try:
            found = await in_thread(
                lambda stop: _look(parameters.work, context, stop),
                seconds=context.seconds,
                cancelled=context.cancelled,
            )
        except (*_TROUBLE, StuckError) as error:
            return Probe("unknown", f"The files could not be looked at: {error}")
        return Probe("unknown", f"It was not found out: {found.value}") if isinstance(found, Cut) else found


def _evidence(made: Made) -> tuple[Evidence, ...]:
    return (
        Evidence("path", str(made.path)),
        Evidence("sha256", made.sha256),
        Evidence("size", f"{made.size} bytes"),
    )


def _do(work: Copy | Present | Write, context: ActionContext, stop: Stop) -> Made:
    if isinstance(work, Copy):
        return make_copy(places(work, context), context, stop)
    path = located(work.path, context)
    if isinstance(work, Write):
        with replacing(path, context) as new:
            new.write_bytes(work.content)
            stop.check()
        return Made(path, sha256(work.content).hexdigest(), len(work.content))
    if not path.is_file():
        raise RefusedError(f"{path} is not there", do="Look where it should come from")
    made = _made(path, stop)
    if work.sha256 not in (None, made.sha256):
        raise RefusedError(
            f"{path} is another file: its digest is {made.sha256}", do="Look where it comes from"
        )
    return made


def _made(path: Path, stop: Stop) -> Made:
    return Made(path, digest(path, stop), path.stat().st_size)


def _look(work: Copy | Present | Write, context: ActionContext, stop: Stop) -> Probe:
    if isinstance(work, Copy):
        done, why = find_copy(places(work, context), context, stop)
        return Probe(done, f"Probe: {why}")
    path = located(work.path, context)
    if not path.is_file():
        return Probe("no", f"{path} is not there")
    made = _made(path, stop)
    if isinstance(work, Write):
        same = made.size == len(work.content) and path.read_bytes() == work.content
        text = "has" if same else "does not have"
        return Probe("yes" if same else "no", f"{path} {text} the content of this step", _evidence(made))
    same = work.sha256 in (None, made.sha256)
    text = "is there" if same else "is there, with another digest"
    return Probe("yes" if same else "no", f"{path} {text}", _evidence(made))
