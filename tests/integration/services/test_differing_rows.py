"""Rows that differ: shown in the thread once, exported by the role that owns the check, forgotten in time."""

import asyncio
import csv
import io

import pytest

from bot.domain.errors import NotAllowedError, RefusedError, SupersededError, UnknownNameError
from bot.domain.messages.differing_rows import RowFileFacts
from bot.domain.person import Actor
from bot.ports.files import File, NoFile
from bot.services.row_retention import KEPT_FOR
from bot.store.reconciliations import Reconciliation
from tests.integration.ledger import ANA, EVE, SAM, SUMMARIES
from tests.integration.services.row_check import FOUND, finds, level
from tests.integration.trial import Trial

HOST = Actor("terminal:root", "root")


async def _done(trial: Trial, *, rows: bool = False) -> Reconciliation:
    asked = await trial.services.reconciliation.request("ledger", channel=None, actor=ANA, rows=rows)
    await trial.work()
    return asked


async def test_rows_are_told_with_the_result_where_they_were_asked_for(people: Trial) -> None:
    finds(people)
    asked = await _done(people, rows=True)
    (told,) = await people.messages("differing_rows")
    assert (told.channel, told.thread, told.facts["asked_by"]) == (SUMMARIES, asked.subject, "Ana")
    assert (told.facts["key"], told.facts["kept"]) == (["id", "site / place"], 4)
    assert [row["key"] for row in told.facts["rows"]] == [list(row.key) for row in FOUND]
    assert (await people.messages("reconciliation"))[-1].facts["rows_told"] == ["people"]


async def test_two_presses_of_show_rows_are_one_and_the_second_is_told_so(people: Trial) -> None:
    finds(people)
    asked = await _done(people)
    assert await people.messages("differing_rows") == []
    presses = [people.services.rows.show(asked.id, "people", actor=who) for who in (SAM, ANA)]
    results = await asyncio.gather(*presses, return_exceptions=True)
    (late,) = [one for one in results if one is not None]
    assert isinstance(late, SupersededError)
    assert "asked for them already: they are in the thread" in str(late)
    (told,) = await people.messages("differing_rows")
    assert told.thread == asked.subject
    assert (await people.messages("reconciliation"))[-1].facts["rows_told"] == ["people"]
    assert [kind for kind, _ in await people.audited()].count("rows.shown") == 1


async def test_rows_of_no_row_check_or_for_nobody_are_refused(people: Trial) -> None:
    finds(people)
    asked = await _done(people)
    with pytest.raises(UnknownNameError, match="There is no check with rows “accounts”"):
        await people.services.rows.show(asked.id, "accounts", actor=ANA)
    with pytest.raises(NotAllowedError):
        await people.services.rows.show(asked.id, "people", actor=EVE)
    assert await people.messages("differing_rows") == []


async def test_the_file_goes_to_the_person_who_asks_and_says_what_may_be_said(people: Trial) -> None:
    finds(people)
    asked = await _done(people)
    await people.services.row_export.ask(asked.id, "people", actor=ANA)
    (sent,) = await people.messages("row_file")
    assert (sent.channel, sent.way, sent.thread) == (ANA.id, "file", None)
    file = await people.services.row_export.file(RowFileFacts.model_validate(sent.facts))
    assert isinstance(file, File)
    assert (file.name, file.title) == ("ledger-people-rows.csv", "ledger: rows of “people” that differ")
    lines = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert lines == [
        ["kind", "id", "site / place", "legacy rows", "new rows", "column", "legacy", "new", "note"],
        ["differing", "4711", "Bern", "1", "1", "level", "3", "4", ""],
        ["differing", "4711", "Bern", "1", "1", "salary", "hidden", "hidden", ""],
        ["differing", "4712", "Bern", "1", "1", "level", "3", "'=SUM(A1)", ""],
        ["differing", "4712", "Bern", "1", "1", "salary", "hidden", "hidden", ""],
        ["missing in new", "4713", "NULL", "1", "0", "", "", "", ""],
        ["duplicated", "4714", "Bern", "2", "1", "", "", "", ""],
    ]
    assert "4 rows that differ, as of 2026-03-14 03:12 UTC" in file.comment
    assert [kind for kind, _ in await people.audited()][-1] == "rows.exported"


async def test_only_the_role_that_owns_the_check_gets_the_file_and_it_is_read_when_it_counts(
    people: Trial,
) -> None:
    finds(people)
    asked = await _done(people)
    with pytest.raises(NotAllowedError, match="You may not get all rows of this check of ledger"):
        await people.services.row_export.ask(asked.id, "people", actor=SAM)
    people.roles.groups["ledger-data"] = {SAM.id}
    with pytest.raises(NotAllowedError, match="Ask someone who is data"):
        await people.services.row_export.ask(asked.id, "people", actor=ANA)
    await people.services.row_export.ask(asked.id, "people", actor=SAM)
    assert [row.channel for row in await people.messages("row_file")] == [SAM.id]
    assert [kind for kind, _ in await people.audited()].count("refused") == 2


async def test_two_presses_for_the_file_send_one_and_a_later_one_sends_it_again(people: Trial) -> None:
    finds(people)
    asked = await _done(people)
    presses = [people.services.row_export.ask(asked.id, "people", actor=ANA) for _ in range(2)]
    results = await asyncio.gather(*presses, return_exceptions=True)
    assert [type(one) for one in results if one is not None] == [SupersededError]
    assert len(await people.messages("row_file")) == 1
    people.clock.advance(61)
    await people.services.row_export.ask(asked.id, "people", actor=ANA)
    assert len(await people.messages("row_file")) == 2


async def test_thousands_of_rows_are_kept_in_their_order_and_the_file_has_all(people: Trial) -> None:
    rows = tuple(level(str(number), "1", "2") for number in range(2500))
    finds(people, rows)
    asked = await _done(people, rows=True)
    (told,) = await people.messages("differing_rows")
    assert (len(told.facts["rows"]), told.facts["kept"]) == (100, 2500)
    lines = [line async for line in people.services.row_export.lines(asked.id, "people", actor=HOST)]
    keys = [line.split(",")[1] for line in "".join(lines[1:]).splitlines()]
    assert keys == [str(number) for number in range(2500) for _ in range(2)]


async def test_rows_are_forgotten_after_two_weeks_but_for_those_of_the_last_whole_reconciliation(
    people: Trial,
) -> None:
    finds(people)
    old = await _done(people)
    people.clock.advance(60)
    part = await people.services.reconciliation.request("ledger", channel=None, actor=ANA, checks=["people"])
    await people.work()
    people.clock.advance(KEPT_FOR.total_seconds() + 1)
    kept = {}
    for number in range(2):
        newest = await _done(people)
        async with people.store.reading() as tx:
            kept[number] = [await tx.row_differences.count(one.id, "people") for one in (old, part, newest)]
        people.clock.advance(60)
    assert kept == {0: [0, 0, 4], 1: [0, 0, 4]}
    forgotten = [kind for kind, _ in await people.audited() if kind == "rows.forgotten"]
    assert len(forgotten) == 2
    with pytest.raises(
        RefusedError, match=r"not kept any more.*Reconcile again: /reconcile ledger people --rows"
    ):
        await people.services.rows.show(old.id, "people", actor=ANA)
    file = await people.services.row_export.file(RowFileFacts(reconciliation=old.id, check="people"))
    assert isinstance(file, NoFile)


async def test_the_last_whole_reconciliation_keeps_its_rows_however_old_it_is(people: Trial) -> None:
    finds(people)
    old = await _done(people)
    people.clock.advance(hours=24 * 90)
    await people.services.reconciliation.request("ledger", channel=None, actor=ANA, checks=["accounts"])
    await people.work()
    await people.services.rows.show(old.id, "people", actor=ANA)
    assert len(await people.messages("differing_rows")) == 1
