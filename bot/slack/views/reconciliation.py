"""A reconciliation's message: verdict first, what to do, then every check, the worst one first."""

from collections.abc import Mapping, Sequence

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.messages.reconciliation import ReconciliationFacts, verdict_line
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    headline,
    moment,
    sections,
    table,
)
from bot.slack.views.discrepancies import discrepancy_buttons, discrepancy_lines

_MARKS = {"passed": "✅", "failed": "❌", "error": "❔", "unknown": "❔"}


def reconciliation(facts: ReconciliationFacts) -> Message:
    """In progress, or done."""
    if facts.reconciled is None:
        head = f"⏳ {facts.migration}: reconciling, {facts.done} of {facts.total} checks done"
        who = f"asked by {escape(facts.asked_by)} {moment(facts.started_at)}"
        return Message(text=escape(head), blocks=(headline(head), context(who)))
    head = verdict_line(facts.migration, facts.reconciled)
    known = {register.check: discrepancy_lines(register) for register in facts.registers}
    counted = {check: lines[:1] for check, lines in known.items()}
    forms = [_todos(facts, facts.reconciled, below) for below in (known, counted, {})]
    blocks = [headline(head), *sections(*forms)]
    rest = (
        *discrepancy_buttons(facts.migration, facts.registers),
        actions([button("Run again", action_id=ids.RECONCILE_AGAIN, value=facts.migration)], block_id="r"),
    )
    took = f"took {(facts.ended_at - facts.started_at).total_seconds():.1f} s" if facts.ended_at else ""
    when = moment(facts.ended_at, "{date_short_pretty} {time}") if facts.ended_at else ""
    foot = context(f"{escape(facts.title)} · asked by {escape(facts.asked_by)} · {when} · {took}")
    return Message(
        text=escape(head),
        blocks=(*blocks, _table(facts.reconciled), *rest, foot),
        plainer=(*blocks, *sections(_lines(facts.reconciled), most=4000), *rest, foot),
    )


def _todos(
    facts: ReconciliationFacts, reconciled: Reconciled, below: Mapping[str, Sequence[str]]
) -> list[str]:
    """What is to be done about each check that did not pass, with these lines below it, by its id."""
    shared = reconciled.shared_problem
    lines = [
        "\n".join(
            [_todo(result, facts, problem="" if shared else result.problem), *below.get(result.check, ())]
        )
        for result in sorted(reconciled.results, key=CheckResult.worst_first)
        if result.status != "passed"
    ]
    if shared:
        same = f"*The same error in {reconciled.errors} checks*: {escape(shared, most=300)}"
        lines.insert(reconciled.failed, f"{_MARKS['error']} {same}")
    return lines


def _todo(result: CheckResult, facts: ReconciliationFacts, *, problem: str) -> str:
    owner = escape(facts.owners.get(result.owner, result.owner))
    if result.status == "error":
        what = f"error: {escape(problem, most=300)}" if problem else "error"
    else:
        what = f"{escape(result.how_far_apart())}, limit {escape(result.tolerance)}"
        if result.groups:
            what += f": {escape(result.named_groups(), most=300)}"
    mark = _MARKS[result.status]
    title, on_fail = escape(result.title, most=300), escape(result.on_fail, most=500)
    return f"{mark} *{title}*: {what}. {on_fail} · owner {owner}"


def _row(result: CheckResult) -> list[str]:
    difference = "could not be done" if result.status == "error" else result.how_far_apart()
    mark = f"{_MARKS[result.status]} {result.status}"
    return [mark, result.title, result.legacy or "–", result.new or "–", difference, result.tolerance]


def _table(reconciled: Reconciled) -> Block:
    # A narrow screen cuts columns off on the right.
    head = ["Verdict", "Check", "Legacy", "New", "Difference", "Limit"]
    return table([head, *map(_row, reconciled.results[:99])], right=(2, 3, 4, 5), wrapped=1)


def _lines(reconciled: Reconciled) -> list[str]:
    lines = []
    for mark, title, legacy, new, difference, limit in map(_row, reconciled.results):
        sides = f"legacy {escape(legacy, most=100)}, new {escape(new, most=100)}"
        named = escape(title, most=200)
        lines.append(f"{mark} · {named}: {sides}, {escape(difference, most=100)} (limit {limit})")
    return lines
