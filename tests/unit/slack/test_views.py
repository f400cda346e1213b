"""What the messages say: the verdict first, then what to do, then the details."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.check_result import GroupDifference, Reconciled
from bot.domain.messages.differing_rows import RowFileFacts
from bot.domain.messages.facts import Facts
from bot.domain.messages.measured import MeasuredLine
from bot.domain.messages.run import run_facts
from bot.domain.messages.status import MigrationStatus
from bot.sandbox.json_values import as_list, as_object
from bot.slack.blocks import Message
from bot.slack.rendering import KINDS, MERGED, render
from bot.slack.views import help as help_view
from tests.unit.domain.ledger import ANA, DONE, NOW, SAM, after, run_of, walked
from tests.unit.slack.judges import as_json, blocks_of, mrkdwn_of
from tests.unit.slack.samples import (
    MESSAGES,
    NAME_OF_60,
    follow_up,
    preview,
    question,
    reconciliation,
    rendered,
    timeline,
    verdict,
)

TEXT = "Stop it"
LIMIT = "7.2% > 5%"


def lines(message: Message) -> list[str]:
    return "\n".join(mrkdwn_of(list(blocks_of(message)))).splitlines()


def run(*states: dict[str, object], **changes: object) -> Message:
    made = run_of(*states).model_copy(update=changes)
    return rendered(run_facts(made, now=after(147)))


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        ("question", f"Rollback of ledger · question 2: {TEXT}"),
        ("verdict", f"{NAME_OF_60}: {TEXT}, plan {NAME_OF_60}: {TEXT}: measured"),
        ("verdict to keep watching", f"{NAME_OF_60}: stop it: {TEXT}: measured"),
        ("walk closed", f"{NAME_OF_60}: keep watching: {TEXT}"),
        (
            "approvals asked for",
            f"⏳ {NAME_OF_60}: rollback asked for by {TEXT} · 0 of 1 approvals · valid until ",
        ),
        ("review", f"⏳ {NAME_OF_60}: {TEXT} rolled back alone, and it has to be reviewed"),
        ("review closed", f"✅ {NAME_OF_60}: reviewed by {TEXT}, that {TEXT} rolled back alone"),
        ("run running", f"⏳ {NAME_OF_60} rollback · 2:27 of 5:00 · 11 of 40 steps"),
        ("run by hand", f"⏳ {NAME_OF_60} rollback waits for you: “{TEXT}” · 1 of 40 steps"),
        ("run failed", f"❌ {NAME_OF_60} rollback waits for you: step “{TEXT}” failed"),
        (
            "run unknown",
            f"❔ {NAME_OF_60} rollback waits for you: step “{TEXT}” may or may not have been done",
        ),
        ("run done", f"✅ {NAME_OF_60}: “{TEXT}” is done · 1:30 of 5:00 · 0 of 40 steps, 40 skipped"),
        (
            "run of 40 stages done",
            f"✅ {NAME_OF_60}: “{TEXT}” is done · 15:00 of 5:00, over budget · 0 of 40",
        ),
        ("run aborted", f"❌ {NAME_OF_60} rollback aborted by {TEXT} · 1:30 of 5:00 · 12 of 40 steps"),
        ("reconciliation running", f"⏳ {NAME_OF_60}: reconciling, 2 of 5 checks done"),
        ("reconciliation clean", f"✅ {NAME_OF_60}: all 5 checks within tolerance"),
        (
            "reconciliation failed",
            f"❌ {NAME_OF_60}: 1 of 3 checks outside tolerance, {TEXT} +0.31% (limit 0.1%); "
            "1 of 3 checks could not be done",
        ),
    ],
)
def test_the_text_and_the_first_line_are_the_answer(kind: str, begins: str) -> None:
    message = rendered(MESSAGES[kind](TEXT))
    assert message.text.startswith(begins)
    if kind != "question":
        assert lines(message)[0].startswith(f"*{begins}")


def test_a_check_that_could_not_be_done_is_unknown_and_never_a_pass() -> None:
    message = rendered(reconciliation(TEXT, error=1, passed=1))
    assert message.text == f"❔ {NAME_OF_60}: 1 of 2 checks could not be done"
    assert f"❔ *{TEXT}*: error: {TEXT}{TEXT}. {TEXT} · owner @{TEXT}" in lines(message)


def test_after_the_verdict_of_a_reconciliation_comes_what_to_do_failing_ones_first() -> None:
    message = rendered(reconciliation(TEXT, failed=1, passed=1))
    assert lines(message)[1] == f"❌ *{TEXT}*: +2,518,564.37 (+0.31%), limit 0.1%. {TEXT} · owner @{TEXT}"


def test_an_error_that_all_checks_share_is_said_once() -> None:
    told = lines(rendered(reconciliation(TEXT, error=3, failed=1)))
    assert told[1].startswith("❌")
    assert told[2] == f"❔ *The same error in 3 checks*: {TEXT}{TEXT}"
    assert told[3:6] == [f"❔ *{TEXT}*: error. {TEXT} · owner @{TEXT}"] * 3


def test_what_to_do_names_the_groups_that_differ() -> None:
    differing = tuple(
        GroupDifference(group=str(number), legacy=Decimal(21654), new=None, variance=None, outside=True)
        for number in range(7)
    )
    facts = reconciliation(TEXT, failed=1)
    assert facts.reconciled is not None
    (result,) = facts.reconciled.results
    grouped = result.model_copy(update={"groups": differing})
    facts = facts.model_copy(update={"reconciled": Reconciled(results=(grouped,))})
    assert f"limit 0.1%: {grouped.named_groups()}. {TEXT}" in lines(rendered(facts))[1]


def test_the_verdict_is_the_first_column_and_the_title_may_take_several_lines() -> None:
    message = rendered(reconciliation(TEXT, failed=1))
    (table,) = [block for block in blocks_of(message) if block["type"] == "table"]
    rows = [[as_object(cell)["text"] for cell in as_list(row)] for row in as_list(table["rows"])]
    assert rows[0] == ["Verdict", "Check", "Legacy", "New", "Difference", "Limit"]
    assert rows[1][:2] == ["❌ failed", TEXT]
    columns = [as_object(column) for column in as_list(table["column_settings"])]
    assert [column["is_wrapped"] for column in columns] == [False, True, False, False, False, False]


def test_a_workspace_without_tables_reads_the_same_numbers_as_lines() -> None:
    message = rendered(reconciliation(TEXT, failed=1, passed=1))
    plainer = "\n".join(mrkdwn_of([as_json(block) for block in message.plainer]))
    assert (
        f"❌ failed · {TEXT}: legacy 812,440,120.50, new {TEXT}, +2,518,564.37 (+0.31%) (limit 0.1%)"
        in plainer
    )


def test_a_value_beside_a_question_has_a_mark_a_word_and_its_time() -> None:
    def measured(good: bool | None, *, unknown: bool = False) -> str:
        line = MeasuredLine(title="Variance", text=LIMIT, good=good, unknown=unknown, at=NOW)
        return lines(rendered(question(TEXT).model_copy(update={"measured": (line,)})))[2]

    stamp = "measured <!date^1773457920^{time}|03:12 UTC>"
    assert measured(False) == f"❌ Variance: 7.2% &gt; 5% · {stamp}"
    assert measured(True) == f"✅ Variance: 7.2% &gt; 5% · {stamp}"
    assert measured(None, unknown=True) == f"❔ Variance: 7.2% &gt; 5% · {stamp}"
    assert measured(None) == f"Variance: 7.2% &gt; 5% · {stamp}"


def test_a_verdict_tells_what_to_do_how_bad_it_is_and_every_effect_exactly() -> None:
    told = lines(rendered(verdict(TEXT, shown=preview(TEXT, stages=1, steps=2, ready=True), reasons=2)))
    assert told[1:3] == [TEXT, "Severity P1"]
    assert told[3].startswith(f"• {TEXT}: measured")
    assert told.count(f"      `{TEXT * 4}`") == 2
    assert told[-1].startswith("Nothing has been done yet. Previewed <!date^")


@pytest.mark.parametrize(
    ("stages", "steps", "counted"), [(1, 1, "1 stage, 1 step"), (2, 4, "2 stages, 4 steps")]
)
def test_a_preview_counts_its_stages_and_steps(stages: int, steps: int, counted: str) -> None:
    told = lines(rendered(verdict(TEXT, shown=preview(TEXT, stages=stages, steps=steps))))
    assert sum(f"Plan “{TEXT}”: {counted}, budget 5m" in line for line in told) == 1


def test_a_preview_too_long_for_a_message_names_every_step_and_says_where_the_rest_is() -> None:
    told = lines(rendered(verdict(TEXT, shown=preview("Stop the new ledger, carefully", ready=True))))
    assert "The exact effect of each step is in the confirmation." in told
    assert sum(". Stop the new ledger, carefully · 10s" in line for line in told) == 40


def test_a_step_that_is_not_ready_is_told_before_anybody_confirms() -> None:
    told = lines(rendered(verdict(TEXT, shown=preview(TEXT, stages=1, steps=1))))
    assert f"1. ❌ {TEXT} · 10s · not ready" in told
    assert f"      {TEXT}{TEXT}" in told
    assert "❌ 1 step is not ready. Rolling back now would stop there and ask you." in told


def test_a_step_is_told_with_who_did_it_and_not_with_who_only_had_it_run_again() -> None:
    by_hand = {**DONE, "decided_by": SAM, "reason": "by phone"}
    told = lines(
        run(
            by_hand,
            {**DONE, "status": "skipped", "decided_by": ANA, "reason": "done before"},
            {**DONE, "attempt": 2},
        )
    )
    assert "      ✅ Do stop · 0:04 of 0:10 · done by Sam: by phone" in told
    assert "      ⏭ Do route · 0:04 of 0:10 · skipped by Ana: done before" in told
    assert "      ✅ Do call · 0:04 of 0:10, attempt 2" in told


def test_nothing_waits_in_a_run_that_was_aborted() -> None:
    waiting = {"status": "waiting", "attempt": 1, "started_at": NOW}
    told = "\n".join(lines(run(DONE, DONE, waiting, status="aborted", ended_at=after(9), ended_by=SAM)))
    assert "⏳" not in told
    assert "❌ *Stage 2*" in told


def test_a_stage_that_is_done_is_folded_while_the_run_goes_on_and_told_at_its_end() -> None:
    going, over = run(DONE, DONE), run(*[DONE] * 5, status="done", ended_at=after(20))
    assert "Do stop" not in "\n".join(lines(going))
    assert "Do stop" in "\n".join(lines(over))


def test_a_stopwatch_that_is_asked_about_a_step_in_the_middle_of_40_shows_that_step() -> None:
    told = lines(rendered(MESSAGES["run unknown in one stage of 40"]("much too long " * 35)))
    assert any(line.startswith("      ❔ much too long") for line in told)


def test_a_timeline_tells_who_and_what_and_is_told_together() -> None:
    stored = [timeline(TEXT, entries=2).model_dump(mode="json"), timeline(TEXT).model_dump(mode="json")]
    message = render("timeline", stored)
    assert [line.partition("UTC> ")[2] for line in lines(message)] == [f"{TEXT}: {TEXT * 4}", TEXT, TEXT]
    assert message.text.splitlines()[0] == f"{TEXT}: {TEXT * 4}"


def test_a_time_in_a_line_is_in_the_readers_zone_and_in_utc_where_it_is_read_aloud() -> None:
    message = rendered(timeline("by 2026-03-14 07:12 UTC, or 2026-99-99 07:12 UTC"))
    shown = "<!date^1773472320^{date_short_pretty} {time}|07:12 UTC>"
    assert lines(message)[0].endswith(f" by {shown}, or 2026-99-99 07:12 UTC")
    assert message.text == "Switchback: by 2026-03-14 07:12 UTC, or 2026-99-99 07:12 UTC"


WHEN = f"<!date^{int(NOW.timestamp())}^{{date_short_pretty}} {{time}}|03:12 UTC>"


@pytest.mark.parametrize(
    ("late", "says"),
    [
        (timedelta(minutes=59), ""),
        (timedelta(hours=1), ", 1 hour late"),
        (timedelta(hours=23, minutes=59), ", 23 hours late"),
        (timedelta(hours=24), ", 1 day late"),
        (timedelta(days=9), ", 9 days late"),
    ],
)
def test_a_follow_up_says_first_what_is_due_since_when_and_how_late_it_is(late: timedelta, says: str) -> None:
    message = rendered(follow_up(TEXT, late=late))
    assert lines(message)[0] == f"⏳ *{NAME_OF_60}: {TEXT}* is due since {WHEN}{says}"
    assert message.text == f"⏳ {NAME_OF_60}: {TEXT} is due since {WHEN}{says}"
    assert lines(message)[1] == (
        f"Owner: {NAME_OF_60} (@{TEXT}). Press “Done” when it is done, or move it with a reason."
    )


def test_a_follow_up_that_was_moved_says_until_when_and_why_and_one_that_is_done_by_whom() -> None:
    moved, done = (lines(rendered(MESSAGES[f"follow-up {how}"](TEXT))) for how in ("moved", "done"))
    assert moved[0] == f"⏳ *{NAME_OF_60}: {TEXT}* is due {WHEN}"
    assert moved[2] == f"Moved by {TEXT}: {TEXT}"
    assert done == [f"✅ *{NAME_OF_60}: {TEXT}* was done by {TEXT} {WHEN}"]


def test_every_kind_of_facts_has_a_view_and_is_shown_by_a_sample() -> None:
    # A file is made where the bot is put together, and has no view.
    ours = [facts for facts in Facts.__subclasses__() if facts.__module__.startswith("bot.")]
    kinds = {facts.kind for facts in ours} - {RowFileFacts.kind}
    assert kinds == KINDS == {facts(TEXT).kind for facts in MESSAGES.values()}
    assert MERGED <= KINDS


def test_help_shows_how_each_command_is_typed() -> None:
    assert "`/rollback &lt;migration&gt;`" in help_view.HELP
    assert (
        help_view.usage("/reconcile", ["ledger"])
        == "Type `/reconcile &lt;migration&gt;`, or behind it checks by their ids, `--rows`, or `summary`. "
        "Migrations: ledger"
    )


def test_the_status_says_what_each_migration_is_doing() -> None:
    idle = MigrationStatus("ledger", "<!channel> & co", "parallel", None, None, None, None)
    busy = MigrationStatus(
        "planwise", "Planwise", "grace", None, None, walked("p1"), run_of(DONE, status="asking")
    )
    assert help_view.status([idle, busy]).splitlines() == [
        "*&lt;!channel&gt; &amp; co* (`ledger`), phase parallel",
        "❔ never reconciled; type `/reconcile ledger`",
        "*Planwise* (`planwise`), phase grace",
        "❔ never reconciled; type `/reconcile planwise`",
        "⏳ a rollback is being decided, opened by Sam",
        "⏳ a rollback has stopped and asks what to do, 1 of 5 steps",
    ]
    waiting = replace(idle, walk=walked("p1", "yes").requested("request"))
    assert "⏳ a rollback waits for approvals, opened by Sam" in help_view.status([waiting])
    assert help_view.status([]).startswith("No migration is loaded")


def test_the_status_has_the_first_ten_follow_ups_of_a_migration() -> None:
    due = (follow_up("<!here>").follow_up,) * 12
    owing = MigrationStatus("ledger", "Ledger", "grace", None, None, None, None, due)
    told = help_view.status([owing]).splitlines()
    assert told[2:12] == [f"⏳ to follow up: &lt;!here&gt; ({NAME_OF_60}), due {WHEN}"] * 10
    assert told[12:] == ["… and 2 more: `switchback follow-ups` at the terminal lists all"]
