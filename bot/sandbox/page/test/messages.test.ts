import assert from "node:assert/strict";
import { test } from "node:test";
import { inThread, mergeMessage, repliesByRoot, topLevel } from "../src/messages";
import type { Message } from "../src/types";

const message = (ts: string, more: Partial<Message> = {}): Message => ({ ts, channel: "C1", text: ts, ...more });
const timesOf = (messages: Message[]) => messages.map(({ ts }) => ts);

test("a message with a known time replaces the one there", () => {
  const merged = mergeMessage([message("1.0"), message("2.0")], message("1.0", { text: "new" }));
  assert.deepEqual([timesOf(merged), merged[0]?.text], [["1.0", "2.0"], "new"]);
});

test("a message that arrives late goes where its time says", () => {
  assert.deepEqual(timesOf(mergeMessage([message("1.0"), message("3.0")], message("2.0"))), ["1.0", "2.0", "3.0"]);
});

test("a deleted message goes away, and one never seen changes nothing", () => {
  const one = [message("1.0")];
  assert.deepEqual(mergeMessage(one, message("1.0", { deleted: true })), []);
  assert.equal(mergeMessage(one, message("9.0", { deleted: true })), one);
});

test("replies are counted under their root and kept out of the channel", () => {
  const all = [message("1.0", { thread_ts: "1.0" }), message("2.0", { thread_ts: "1.0" }), message("3.0")];
  assert.deepEqual(timesOf(topLevel(all)), ["1.0", "3.0"]);
  assert.deepEqual(timesOf(inThread(all, "1.0")), ["1.0", "2.0"]);
  assert.deepEqual([...repliesByRoot(all)], [["1.0", { count: 1, lastTs: "2.0" }]]);
});
