"""A reconciliation's message: verdict first, what to do, then every check, failing ones first."""

from bot.domain.check_result import CheckResult, Reconciled
from bot.domain.messages.reconciliation import ReconciliationFacts
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    clip,
    context,
    escape,
    moment,
    section,
    table,
)

_MARKS = {"passed": "✅", "failed": "❌", "error": "❔"}
_WORDS = {"passed": "passed", "failed": "failed", "error": "error"}


def reconciliation(facts: ReconciliationFacts) -> Message:
    """In progress, or done."""
    if facts.reconciled is None:
        head = f"⏳ {facts.migration}: reconciling, {facts.done} of {facts.total} checks done"
        who = f"asked by {escape(facts.asked_by)} {moment(facts.started_at)}"
        return Message(text=head, blocks=(section(f"*{escape(head)}*"), context(who)))
    head = verdict_line(facts.migration, facts.reconciled)
    open_results = [result for result in facts.reconciled.results if result.status != "passed"]
    blocks: list[Block] = [section(f"*{escape(head)}*")]
    if open_results:
        blocks.append(section("\n".join(_todo(result, facts) for result in open_results[:10])))
    rest = (
        actions([button("Run again", action_id=ids.RECONCILE_AGAIN, value=facts.migration)], block_id="r"),
    )
    took = f"took {(facts.ended_at - facts.started_at).total_seconds():.1f} s" if facts.ended_at else ""
    when = moment(facts.ended_at, "{date_short_pretty} {time}") if facts.ended_at else ""
    foot = context(f"{escape(facts.title)} · asked by {escape(facts.asked_by)} · {when} · {took}")
    return Message(
        text=head,
        blocks=(*blocks, _table(facts.reconciled), *rest, foot),
        plainer=(*blocks, section(_lines(facts.reconciled)), *rest, foot),
    )


def verdict_line(migration: str, reconciled: Reconciled) -> str:
    """The answer in one line."""
    total = len(reconciled.results)
    parts = []
    if reconciled.failed:
        parts.append(f"{reconciled.failed} of {total} checks outside tolerance")
    if reconciled.errors:
        parts.append(f"{reconciled.errors} of {total} could not be done")
    if not parts:
        return f"✅ {migration}: all {total} checks within tolerance"
    return f"{'❌' if reconciled.failed else '❔'} {migration}: {', '.join(parts)}"


def _todo(result: CheckResult, facts: ReconciliationFacts) -> str:
    owner = escape(facts.owners.get(result.owner, result.owner))
    if result.status == "error":
        what = f"error: {escape(clip(result.problem, 300))}"
    else:
        what = f"{escape(result.how_far_apart())}, limit {escape(result.tolerance)}"
    mark = _MARKS[result.status]
    return f"{mark} *{escape(result.title)}*: {what}. {escape(result.on_fail)} · owner {owner}"


def _row(result: CheckResult) -> list[str]:
    difference = "could not be done" if result.status == "error" else result.how_far_apart()
    mark = f"{_MARKS[result.status]} {_WORDS[result.status]}"
    return [result.title, result.legacy or "–", result.new or "–", difference, result.tolerance, mark]


def _table(reconciled: Reconciled) -> Block:
    head = ["Check", "Legacy", "New", "Difference", "Limit", "Verdict"]
    return table([head, *map(_row, reconciled.results[:99])], right=(1, 2, 3, 4))


def _lines(reconciled: Reconciled) -> str:
    lines = []
    for title, legacy, new, difference, limit, mark in map(_row, reconciled.results):
        sides = f"legacy {escape(legacy)}, new {escape(new)}"
        lines.append(f"{mark} · {escape(title)}: {sides}, {escape(difference)} (limit {limit})")
    return "\n".join(lines)
