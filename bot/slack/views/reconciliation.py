"""A reconciliation's message: verdict first, what to do, then every check, the worst one first."""

from collections.abc import Mapping, Sequence

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.messages.differing_rows import rows_in_words
from bot.domain.messages.reconciliation import ReconciliationFacts, not_comparable, verdict_line
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    clip,
    context,
    escape,
    headline,
    moment,
    section,
    sections,
    table,
)
from bot.slack.views.differing_rows import show_rows_buttons
from bot.slack.views.discrepancies import discrepancy_buttons, discrepancy_lines

_MARKS = {"passed": "✅", "failed": "❌", "error": "❔", "unknown": "❔"}
_MOST_FOUND = 3
# Of a title before the numbers in the first line.
_TITLE = 60


def reconciliation(facts: ReconciliationFacts) -> Message:
    """In progress, done, or ended without a result."""
    if facts.reconciled is not None:
        return _done(facts, facts.reconciled)
    return _ended(facts) if facts.ended else _running(facts)


def _running(facts: ReconciliationFacts) -> Message:
    under_way = [f"{clip(one.title, _TITLE)}: {one.described()}" for one in facts.progress]
    done = f"{facts.done} of {facts.total} checks done"
    head = f"⏳ {facts.name}: reconciling, {' · '.join([done, *under_way[:1]])}"
    cancel = button("Cancel reconciliation", action_id=ids.RECONCILE_CANCEL, value=facts.id)
    more = [escape(text) for text in under_way[1:]]
    return Message(
        text=escape(head),
        blocks=(headline(head), actions([cancel], block_id="r"), context(*more, _asked(facts))),
    )


def _ended(facts: ReconciliationFacts) -> Message:
    if facts.ended == "cancelled":
        head = f"❔ {facts.name}: reconciliation called off by {facts.ended_by}"
        what = "Nothing that it found is kept; what was known before still holds."
    else:
        head = f"❔ {facts.name}: the reconciliation never ended"
        what = "The bot's log says what became of it. What was known before still holds."
    return Message(
        text=escape(head),
        blocks=(
            headline(head),
            section(what),
            actions([_again(facts)], block_id="r"),
            context(_asked(facts)),
        ),
    )


def _done(facts: ReconciliationFacts, reconciled: Reconciled) -> Message:
    head = verdict_line(facts.name, reconciled)
    known = {register.check: discrepancy_lines(register) for register in facts.registers}
    counted = {check: lines[:1] for check, lines in known.items()}
    forms = [_todos(facts, reconciled, below) for below in (known, counted, {})]
    blocks = [headline(head), *sections(*forms)]
    rows = show_rows_buttons(facts.id, reconciled.results, told=facts.rows_told)
    rest = (
        *discrepancy_buttons(facts.migration, facts.registers),
        actions([*rows, _again(facts)], block_id="r"),
        context(_foot(facts, reconciled)),
    )
    return Message(
        text=escape(head),
        blocks=(*blocks, _table(reconciled), *rest),
        plainer=(*blocks, *sections(_lines(reconciled), most=4000), *rest),
    )


def _again(facts: ReconciliationFacts) -> Block:
    return button("Run again", action_id=ids.RECONCILE_AGAIN, value=facts.words)


def _asked(facts: ReconciliationFacts) -> str:
    return f"{escape(facts.title)} · asked by {escape(facts.asked_by)} {moment(facts.started_at)}"


def _foot(facts: ReconciliationFacts, reconciled: Reconciled) -> str:
    parts = [escape(facts.title, most=300), f"asked by {escape(facts.asked_by, most=200)}"]
    if facts.ended_at is not None:
        took = (facts.ended_at - facts.started_at).total_seconds()
        parts += [moment(facts.ended_at, "{date_short_pretty} {time}"), f"took {took:.1f} s"]
    if reconciled.snapshot_at is not None:
        parts.append(f"snapshot {moment(reconciled.snapshot_at, '{time_secs}')}")
    return " · ".join(parts)


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
    mark = _MARKS[result.status]
    title, on_fail = escape(result.title, most=300), escape(result.on_fail, most=500)
    if result.status == "unknown":
        return f"{mark} *{title}*: {escape(not_comparable(result), most=300)} · owner {owner}"
    if result.status == "error":
        what = f"error: {escape(problem, most=300)}" if problem else "error"
    else:
        what = f"{escape(result.how_far_apart(), most=300)}, limit {escape(result.tolerance)}"
        if named := _named(result):
            what += f": {escape(named, most=300)}"
    return f"{mark} *{title}*: {what}. {on_fail} · owner {owner}"


def _named(result: CheckResult) -> str:
    """What differs, by name where there are names."""
    if result.rows is not None:
        return rows_in_words(result.rows)
    if result.groups:
        return result.named_groups()
    named = [found.text for found in result.found[:_MOST_FOUND]]
    more = len(result.found) - len(named)
    return "; ".join([*named, *([f"and {more} more"] if more else [])])


def _row(result: CheckResult) -> list[str]:
    said = {"error": "could not be done", "unknown": "not comparable yet"}
    difference = said.get(result.status, result.how_far_apart())
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
