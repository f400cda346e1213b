"""Modals that steer a run: a note, an abort, and another way on with its preview."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.playbook.plans import Plan
from bot.domain.quantities import format_duration
from bot.domain.run import Run
from bot.domain.run_purpose import described, noun
from bot.domain.run_replacement import undo_plan
from bot.slack import action_ids as ids
from bot.slack.blocks import Block, code, context, counted, escape, modal, section, sections, text_input

MODAL_TEXT = 60_000


@dataclass(frozen=True)
class Effect:
    """One step of another way on: what it does, exactly, and why it could not be done now."""

    title: str
    exact: str
    problem: str


def note(run: Run) -> Block:
    """A line for the timeline."""
    return modal(
        callback_id=f"{ids.RUN_MODAL}:note",
        title="Add a note",
        blocks=[text_input(block_id="note", label="Note for the timeline", multiline=True)],
        metadata=run.id,
        submit="Add note",
        close="Back",
    )


def abort(run: Run) -> Block:
    """The end of a run, with what state the world is left in, and why."""
    acting = [run.step(state.step).title for state in run.steps if state.status == "running"]
    takes_back = undo_plan(run)
    head = f"*Abort the {described(run.purpose, run.to_phase)} of {escape(run.title)}*"
    lines = [head, f"Nothing further will be done. Until now: {run.progress()}."]
    if acting:
        lines.append(f"Acting now, and stopped first: {escape(', '.join(acting), most=500)}.")
    after = (
        f"Afterwards you can take back {counted(len(takes_back.steps), 'step')}, previewed first."
        if takes_back
        else "Nothing is undone."
    )
    why = text_input(block_id="reason", label="Reason", multiline=True)
    blocks = [section("\n".join([*lines, after])), why]
    return modal(
        callback_id=f"{ids.RUN_MODAL}:abort",
        title=f"Abort the {noun(run.purpose)}",
        blocks=blocks,
        metadata=run.id,
        submit=f"Abort {noun(run.purpose)}",
        close="Back",
    )


def looking(what: str) -> Block:
    """Shown at once: a trigger lives three seconds, and previews may take longer."""
    return _said("One moment", f"⏳ {what}: every step is being previewed. Nothing is done by that.")


def refused(why: str) -> Block:
    """In place of what could not be shown."""
    return _said("Not possible", f"⚠️ {escape(why, most=2000)}")


def _said(title: str, text: str) -> Block:
    return modal(
        callback_id="said", title=title, blocks=[section(text)], metadata="", submit=None, close="Close"
    )


def way_on(run: Run, plan: Plan, effects: Sequence[Effect], *, what: str, digest: str) -> Block:
    """Another plan in place of a run, step by step; submitting it takes it. `what`: emergency, undo or back.

    Going back beyond the point of no return says so, and wants a reason and the migration's name.
    """
    beyond = what == "back" and run.past_no_return
    head = (
        f"*{escape(plan.title)}* for {escape(run.title)} in {escape(run.environment)}: "
        f"{counted(len(effects), 'step')}, budget {format_duration(plan.budget)}"
    )
    lines = [
        f"{number}. {escape(one.title, most=300)}: {code(one.exact, 1000)}"
        f"{' · ❌ not ready now: ' + escape(one.problem, most=300) if one.problem else ''}"
        for number, one in enumerate(effects, 1)
    ]
    blocks = [section(head), *sections(lines, most=MODAL_TEXT)]
    if beyond:
        point = escape(run.step(run.no_return).title, most=300)
        warned = f"⚠️ *The point of no return, “{point}”, is past.* What was written in the new system since"
        blocks.append(section(f"{warned} may be lost to legacy, unless a step above carries it over."))
    if what == "emergency" or beyond:
        blocks.append(text_input(block_id="reason", label="Reason", multiline=True))
    if what == "back":
        label = f"Type {run.migration} to go back to legacy"
        blocks.append(text_input(block_id="name", label=label, placeholder=run.migration))
    blocks.append(context("What was done until now stays done; the run above ends with this."))
    titles = {
        "emergency": ("Emergency plan", "Start it"),
        "undo": ("Take back", "Take back"),
        "back": ("Back to legacy", "Go back all the same" if beyond else "Go back to legacy"),
    }
    title, submit = titles[what]
    return modal(
        callback_id=f"{ids.RUN_MODAL}:{what}",
        title=title,
        blocks=blocks,
        metadata=json.dumps({"run": run.id, "digest": digest, "beyond": beyond}),
        submit=submit,
        close="Do nothing",
    )
