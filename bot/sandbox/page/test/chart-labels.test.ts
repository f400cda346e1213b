import assert from "node:assert/strict";
import { test } from "node:test";
import { labelsWithRoom } from "../src/chart-labels";

const every = (step: number, width: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ start: index * step, end: index * step + width }));

test("labels that have room are all shown", () => {
  assert.deepEqual(labelsWithRoom(every(40, 34, 3)), [true, true, true]);
});

test("of labels that run into each other the last one is shown, and as many before it as have room", () => {
  assert.deepEqual(labelsWithRoom(every(23, 34, 6)), [false, true, false, true, false, true]);
});

test("no labels are no trouble", () => {
  assert.deepEqual(labelsWithRoom([]), []);
});
