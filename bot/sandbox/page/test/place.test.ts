import assert from "node:assert/strict";
import { test } from "node:test";
import { placeHash, readPlace, readPermalink, readStart } from "../src/place";

test("the place survives the way through the hash", () => {
  const place = { user: "U0ONCALL", channel: "C0INCIDENTS", thread: "1.2" };
  assert.deepEqual(readPlace(placeHash(place)), place);
  assert.equal(placeHash({ ...place, thread: null }), "#user=U0ONCALL&channel=C0INCIDENTS");
});

test("a permalink names channel, message and thread", () => {
  assert.deepEqual(readPermalink("http://x/archives/C1/p1710000000000100?thread_ts=1710000000.000001&cid=C1"), {
    channel: "C1",
    ts: "1710000000.000100",
    thread: "1710000000.000001",
  });
  assert.equal(readPermalink("https://example.com/"), null);
});

test("a page opened at a permalink starts at its message", () => {
  const start = readStart(new URL("http://x/archives/C1/p1710000000000100#user=U1"));
  assert.deepEqual([start.place.user, start.place.channel, start.target], ["U1", "C1", "1710000000.000100"]);
});
