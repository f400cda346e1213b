import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cell } from "../src/blockkit";
import { cellText, nextOrder, numberIn, numericColumns, orderRows, pageCount } from "../src/table-order";

const row = (...texts: string[]): Cell[] => texts.map((text) => ({ type: "raw_text", text }));

test("numbers written for people are numbers, identifiers are not", () => {
  assert.equal(numberIn("812,440,120.50"), 812440120.5);
  assert.equal(numberIn("+0.31%"), 0.31);
  assert.equal(numberIn("-4"), -4);
  for (const text of ["E-10301", "7 groups", "unknown", "", "2026-11-20"]) {
    assert.equal(numberIn(text), null);
  }
});

test("columns of numbers sort by size, any other by text, as in Slack", () => {
  const number = (value: number): Cell => ({ type: "raw_number", value, text: `+${value}` });
  const numbered = [[number(9)], [number(10)], [number(-1)]];
  const values = (rows: Cell[][]) =>
    orderRows(rows, { column: 0, descending: false }).map((cells) => cells.map(cellText).join(""));
  assert.deepEqual(values(numbered), ["+-1", "+9", "+10"]);
  assert.deepEqual(values([...numbered, ...[row("—")]]), ["—", "+-1", "+10", "+9"]);
  const rows = [row("b", "9"), row("a", "10"), row("c", "1")];
  const sorted = (column: number, descending: boolean) =>
    orderRows(rows, { column, descending }).map((cells) => cells.map(cellText).join(""));
  assert.deepEqual(sorted(1, false), ["c1", "a10", "b9"]);
  assert.deepEqual(sorted(1, true), ["b9", "a10", "c1"]);
  assert.deepEqual(sorted(0, false), ["a10", "b9", "c1"]);
});

test("pressing a heading goes up, down, and back to the order sent", () => {
  const up = nextOrder(null, 2);
  const down = nextOrder(up, 2);
  assert.deepEqual([up?.descending, down?.descending, nextOrder(down, 2)], [false, true, null]);
  assert.deepEqual(nextOrder(down, 0), { column: 0, descending: false });
});

test("a column with a text in it is not numeric, and empty cells do not matter", () => {
  const rows = [row("id", "n", "m", "o"), row("E-1", "1", "", "—"), row("E-2", "2%", "x", "3")];
  assert.deepEqual([...numericColumns(rows)], [1, 3]);
});

test("an empty table still has one page", () => {
  assert.deepEqual([pageCount(0, 5), pageCount(5, 5), pageCount(6, 5)], [1, 1, 2]);
});
