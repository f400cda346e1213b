import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, formatSlackDate } from "../src/slack-date";

const now = new Date(2026, 10, 20, 12, 0, 0);
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime() / 1000;

test("near days are named, others dated", () => {
  assert.equal(formatSlackDate(at(2026, 10, 20, 6, 30), "{date_short_pretty}", now), "Today");
  assert.equal(formatSlackDate(at(2026, 10, 19, 23, 59), "since {date_pretty}", now), "since yesterday");
  assert.equal(formatSlackDate(at(2026, 10, 21, 0, 1), "{date_pretty}", now), "Tomorrow");
  assert.match(formatSlackDate(at(2026, 10, 18, 6, 30), "{date_short_pretty}", now) ?? "", /2026/);
});

test("days are numbered by the reader's calendar", () => {
  assert.equal(formatSlackDate(at(2026, 2, 4, 23, 30), "{date_num}", now), "2026-03-04");
});

test("a token that Slack does not know gives nothing, so that the fallback is shown", () => {
  assert.equal(formatSlackDate(0, "{date_num} {nonsense}", now), null);
});

test("ages are told in the largest whole unit", () => {
  const before = (seconds: number) => ago(new Date(now.getTime() - seconds * 1000), now);
  assert.equal(before(20), "just now");
  assert.equal(before(60), "1 minute ago");
  assert.equal(before(7199), "1 hour ago");
  assert.equal(before(2 * 86_400), "2 days ago");
  assert.equal(before(-3600), "in 1 hour");
});
