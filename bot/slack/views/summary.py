"""A day's summary: the verdict, who has to do what, what changed, every check, the chart; or one line."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.check_result import CheckResult
from bot.domain.messages.summary import SummaryFacts, SummaryWaitFacts, Uncovered, headline
from bot.slack import action_ids as ids
from bot.slack.blocks import (
    Block,
    Message,
    actions,
    button,
    clip,
    context,
    counted,
    escape,
    moment,
    section,
    sections,
    table,
)
from bot.slack.blocks import (
    headline as bold,
)
from bot.slack.chart import LineChart, Series, line_chart
from bot.slack.views.differing_rows import show_rows_buttons
from bot.slack.views.discrepancies import discrepancy_buttons, discrepancy_lines
from bot.slack.views.lines import MOST_CALLED, mention

_MARKS = {"passed": "✅", "failed": "❌", "error": "❔", "unknown": "❔"}
_HEAD = ("Verdict", "Check", "Legacy", "New", "Difference", "Limit")
_MOST_CHANGES = 10
_WHEN = "{date_short_pretty} {time}"


def summary(facts: SummaryFacts) -> Message:
    """What a day's reconciliation found. A quiet day is one line."""
    head = headline(facts)
    if facts.quiet and not facts.asked_by:
        return Message(text=escape(head), blocks=(section(f"{escape(head)} · {_when(facts)}"),))
    chart = _chart(facts)
    before = (
        bold(head),
        *sections(*(_todos(facts, below) for below in _below(facts)), most=3200),
        *_news(facts),
    )
    after = (
        *([context(note)] if (note := _chart_note(facts, chart)) else []),
        *_uncompared(facts.uncovered),
        *discrepancy_buttons(facts.migration, facts.registers),
        actions([*show_rows_buttons(facts.id, facts.checks), _again(facts.migration)], block_id="summary"),
        context(escape(_foot(facts), most=600), _when(facts)),
    )
    rows = [_row(facts, result) for result in sorted(facts.checks, key=CheckResult.worst_first)]
    drawn = (table([_HEAD, *rows[:99]], right=(2, 3, 4, 5), wrapped=1),) if rows else ()
    charts = (chart.block,) if chart is not None else ()
    return Message(
        text=escape(head),
        blocks=(*before, *drawn, *charts, *after),
        plainer=(*before, *sections([_line(row) for row in rows], most=3000), *after),
    )


def put_off(facts: SummaryWaitFacts) -> Message:
    """A day of which nothing can be said yet, or could not."""
    tries = f"tried {counted(facts.tries, 'time')}" if facts.tries != 1 else "tried once"
    why = escape(facts.why, most=800)
    if facts.state == "waiting":
        head = f"❔ {facts.migration}: not comparable yet, {tries}"
        again = (
            f"It is tried again at {moment(facts.next_try)}, and every few minutes" if facts.next_try else ""
        )
        until = f"; not ready by {moment(facts.until, _WHEN)} would be a finding" if facts.until else ""
        lines = [line for line in (why, f"{again}{until}. Nobody has to do anything.") if line]
    elif facts.state == "lost":
        head = f"❔ {facts.migration}: the reconciliation of {_on(facts.day)} never ended, {tries}"
        lines = ["The bot's log says what became of it. The day does not count as clean."]
    else:
        head = f"❔ {facts.migration}: no summary of {_on(facts.day)}"
        lines = [f"{why}. The day does not count as clean."]
    return Message(
        text=escape(head),
        blocks=(
            bold(head),
            *sections(lines),
            *([] if facts.state == "waiting" else [actions([_again(facts.migration)], block_id="summary")]),
            context(escape(facts.title, most=500)),
        ),
    )


def _again(migration: str) -> Block:
    return button("Run again", action_id=ids.RECONCILE_AGAIN, value=migration)


def _below(facts: SummaryFacts) -> tuple[Mapping[str, Sequence[str]], ...]:
    """What the register has of each check, to stand below it: in full, counted, and not at all."""
    known = {register.check: discrepancy_lines(register) for register in facts.registers}
    return known, {check: lines[:1] for check, lines in known.items()}, {}


def _todos(facts: SummaryFacts, below: Mapping[str, Sequence[str]]) -> list[str]:
    called: set[str] = set()
    if facts.not_ready is not None:
        return [_todo(facts, facts.not_ready, called, problem=facts.not_ready.problem)]
    shared = facts.reconciled.shared_problem
    lines = []
    for result in sorted(facts.checks, key=CheckResult.worst_first):
        if result.status != "passed":
            line = _todo(facts, result, called, problem="" if shared else result.problem)
            lines.append("\n".join([line, *below.get(result.check, ())]))
    if shared:
        lines.insert(facts.reconciled.failed, f"❔ *The same error*: {escape(shared, most=300)}")
    return lines


def _todo(facts: SummaryFacts, result: CheckResult, called: set[str], *, problem: str) -> str:
    title = f"{_MARKS[result.status]} *{escape(result.title, most=300)}*"
    if result.status == "failed":
        what = f"{escape(result.how_far_apart())} (limit {escape(result.tolerance)})"
        if result.groups:
            what += f": {escape(result.named_groups(), most=300)}"
    else:
        said = "could not be done" if result.status == "error" else "says nothing"
        what = f"{said}: {escape(problem, most=300)}" if problem else said
    if result.check in facts.explained:
        return f"{title}: {what}. Explained"
    do = escape(result.on_fail, most=500)
    return f"{title}: {what}. {do} · owner {_owner(facts, result, called)}"


def _owner(facts: SummaryFacts, result: CheckResult, called: set[str]) -> str:
    """The owner; mentioned where they have to act, once a message."""
    people = facts.called.get(result.owner, ())
    if facts.needs_somebody(result) and people and result.owner not in called:
        called.add(result.owner)
        return " ".join(mention(one) for one in people[:MOST_CALLED])
    return escape(facts.owners.get(result.owner, result.owner))


def _news(facts: SummaryFacts) -> list[Block]:
    """What changed, and the days without a summary."""
    lines = []
    if facts.changes and facts.since:
        lines.append(f"*Since {_on(facts.since)}*")
        lines += [
            f"• {escape(change.title, most=200)}: {escape(change.text, most=300)}"
            for change in facts.changes[:_MOST_CHANGES]
        ]
        if len(facts.changes) > _MOST_CHANGES:
            lines.append(f"• and {len(facts.changes) - _MOST_CHANGES} more")
    if facts.missed:
        days = ", ".join(_on(day) for day in facts.missed[-5:])
        more = f"{len(facts.missed) - 5} days and " if len(facts.missed) > 5 else ""
        lines.append(f"❔ No summary on {more}{days}: a missing day is not clean.")
    return sections(lines, most=1800)


def _row(facts: SummaryFacts, result: CheckResult) -> list[str]:
    said = {"error": "could not be done", "unknown": "says nothing"}
    mark = f"{_MARKS[result.status]} {result.status}"
    if result.check in facts.explained:
        mark += ", explained"
    difference = said.get(result.status, result.how_far_apart())
    return [mark, result.title, result.legacy or "–", result.new or "–", difference, result.tolerance]


def _line(row: list[str]) -> str:
    mark, title, legacy, new, difference, limit = (escape(cell, most=200) for cell in row)
    return f"{mark} · {title}: legacy {legacy}, new {new}, {difference} (limit {limit})"


def _chart(facts: SummaryFacts) -> LineChart | None:
    if facts.chart is None:
        return None
    days = facts.chart.days
    lines = [Series(name=line.title, values=line.percents) for line in facts.chart.lines]
    return line_chart(
        title=f"Percent of its limit, last {len(days)} summaries",
        categories=[f"{day.day} {day:%b}" for day in days],
        series=[*lines, Series(name="Limit", values=[100] * len(days))],
        y_label="Percent of the limit",
    )


def _chart_note(facts: SummaryFacts, chart: LineChart | None) -> str:
    if chart is None or facts.chart is None:
        return ""
    return escape(" ".join(note for note in (facts.chart.note, chart.note) if note), most=600)


def _uncompared(uncovered: Uncovered | None) -> list[Block]:
    if uncovered is None:
        return []
    counts = (
        f"{uncovered.tables:,} of {uncovered.of_tables:,} tables and "
        f"{uncovered.columns:,} of {uncovered.of_columns:,} columns"
    )
    lines = [f"*Compared by no check*: {counts}"]
    lines += [f"• {escape(name, most=200)}" for name in uncovered.named]
    lines += [f"❔ {escape(problem, most=300)}" for problem in uncovered.problems[:3]]
    return sections(lines, most=1500)


def _foot(facts: SummaryFacts) -> str:
    title = clip(facts.title, 300)
    if facts.asked_by:
        return f"{title} · asked for by {facts.asked_by}: this is not the day's summary and counts for no day"
    return title


def _when(facts: SummaryFacts) -> str:
    """When it was due and how long it took; whether it came late."""
    took = f"took {(facts.ended_at - facts.started_at).total_seconds():.1f} s"
    if facts.due is None:
        return f"{moment(facts.ended_at, _WHEN)} · {took}"
    if facts.late:
        return f"late: due {moment(facts.due)}, made {moment(facts.ended_at, _WHEN)} · {took}"
    if facts.waited:
        return f"due {moment(facts.due)}, comparable {moment(facts.started_at)} · {took}"
    return f"{moment(facts.due)} · {took}"


def _on(day: date) -> str:
    return f"{day.day} {day:%B}"
