"""A rehearsal's record, and the modals that start one and sign it."""

import json
from datetime import timedelta

from bot.domain.messages.rehearsal import RehearsalFacts
from bot.domain.playbook.inputs import Input
from bot.domain.preview import PlanPreview
from bot.domain.quantities import clock, format_duration
from bot.domain.rehearsal import RehearsedRun
from bot.domain.rehearsal_evidence import RehearsalEvidence, evidence
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    code,
    context,
    counted,
    escape,
    headline,
    modal,
    moment,
    section,
    sections,
    text_input,
)
from bot.slack.views.modals import plan_inputs

_WHEN = "{date_short_pretty} {time}"
# Of a modal with two plans; far below the 250 kB of a view.
_MODAL_TEXT = 60_000
_MOST_REASONS = 10


def record(facts: RehearsalFacts) -> Message:
    """Whether it is evidence, what was measured and compared, and who is still to sign."""
    one = facts.rehearsal
    found = evidence(one, now=facts.at)
    head = _head(facts, found)
    reasons = found.reasons if one.over else ()
    wrong = [f"❌ {escape(reason, most=400)}" for reason in reasons[:_MOST_REASONS]]
    if len(reasons) > _MOST_REASONS:
        rest = len(reasons) - _MOST_REASONS
        wrong.append(f"… and {rest} more: `switchback rehearsals show {one.id}` at the terminal lists all")
    if found.data_preserved:
        wrong.append(f"✅ nothing lost: {counted(len(one.before), 'table')} compared before and after")
    wrong += [_run(run) for run in one.runs]
    noted = [f"noted by {escape(one.by.name, most=80)}: {escape(one.text, most=300)}" for one in one.issues]
    signed = [
        f"✅ signed as {escape(each.role)} by {escape(each.by.name, most=80)} {moment(each.at, _WHEN)}"
        f"{': ' + escape(each.comment, most=300) if each.comment else ''}"
        for each in one.signed
    ]
    blocks = [headline(head), *sections([*wrong, *noted, *signed])]
    if one.over and one.unsigned:
        blocks.append(context(f"To be signed by {', '.join(map(escape, one.unsigned))}, a person each."))
        value = str(ids.Shown(one.id, one.version))
        buttons = [
            button(f"Sign off as {role}…", action_id=f"{ids.REHEARSAL_SIGN}:{role}", value=value)
            for role in one.unsigned
        ]
        blocks.append(actions(buttons, block_id="sign"))
    started = f"{escape(one.title, most=200)} · started by {escape(one.started_by.name, most=80)}"
    blocks.append(context(f"{started} {moment(one.started_at, _WHEN)} · record {one.id}"))
    return Message(text=escape(head), blocks=tuple(blocks))


def _head(facts: RehearsalFacts, found: RehearsalEvidence) -> str:
    one = facts.rehearsal
    what = f"Rehearsal in {one.environment}: {one.migration}, plan {one.plan_id}"
    within = clock(timedelta(seconds=one.within_seconds))
    took = "" if found.seconds is None else f" · {clock(timedelta(seconds=found.seconds))} of {within}"
    if not one.over:
        return f"⏳ {what} goes on"
    if found.holds:
        return f"✅ {what} went as it should{took}"
    return f"❌ {what} is no evidence{took}"


def _run(run: RehearsedRun) -> str:
    mark = "✅" if run.status == "done" and not run.failures else "❌"
    took = clock(timedelta(seconds=run.seconds))
    done = f"{len(run.steps) - len(run.failures)} of {counted(len(run.steps), 'step')}"
    return f"{mark} plan {escape(run.plan_id)} {run.status} · {took} · {done}"


def confirmation(
    back: PlanPreview, forward: PlanPreview | None, inputs: tuple[Input, ...], bound: dict[str, str]
) -> Block:
    """What will be done for real in another environment, and the migration's name to be typed."""
    ways = [back, forward] if forward else [back]
    steps = counted(sum(len(way.steps) for way in ways), "step")
    blocks = [
        section(
            f"*REHEARSAL of {escape(back.migration)} in {escape(back.environment)}*\n"
            f"A real run of {steps} there; production is not touched."
        )
    ]
    for number, way in enumerate(ways):
        title = f"{'Then forward again: ' if number else ''}{escape(way.plan.title)}"
        blocks.append(section(f"*{title}*, budget {format_duration(way.plan.budget)}"))
        lines = [
            f"{count}. {escape(step.title, most=300)}: {code(step.exact, 1000)}"
            f"{'' if step.ready else ' · ❌ not ready now: ' + escape(step.problem, most=300)}"
            for count, step in enumerate(way.steps, 1)
        ]
        blocks.extend(sections(lines, most=_MODAL_TEXT))
    blocks.extend(plan_inputs(inputs))
    label = f"Type {back.migration} to rehearse it in {back.environment}"
    blocks.append(text_input(block_id="name", label=label, placeholder=back.migration))
    blocks.append(context(f"Valid until {moment(back.expires_at)}"))
    return modal(
        callback_id=ids.REHEARSE_MODAL,
        title="REHEARSAL",
        blocks=blocks,
        metadata=json.dumps({**bound, "migration": back.migration}),
        submit="Rehearse",
        close="Do nothing",
    )


def sign(facts: RehearsalFacts, role: str) -> Block:
    """A signature for a role, with a comment."""
    one = facts.rehearsal
    blocks = [
        section(
            f"*{escape(_head(facts, evidence(one, now=facts.at)))}*\n"
            f"You sign it as {escape(role)}. One person signs for one role."
        ),
        text_input(block_id="comment", label="Comment", multiline=True),
    ]
    return modal(
        callback_id=f"{ids.REHEARSAL_SIGN_MODAL}:{role}",
        title="Sign the rehearsal",
        blocks=blocks,
        metadata=one.id,
        submit="Sign off",
        close="Back",
    )
