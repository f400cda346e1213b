import assert from "node:assert/strict";
import { test } from "node:test";
import { parseInline, parseMrkdwn } from "../src/mrkdwn";

const plain = (text: string) => [{ kind: "text", text }];

test("times and durations are not taken for emoji", () => {
  for (const text of ["10:30:45", "0:22/0:30   ✅ notify 0:08/0:30", "12:00 a:b:c"]) {
    assert.deepEqual(parseInline(text), plain(text));
  }
});

test("names with underscores and lone marks stay as they are", () => {
  for (const text of ["abaco_pipeline_v2 and a_b_c", "2 * 3 * 4", "~ 0.1% ~", "x*y*z", "# no heading"]) {
    assert.deepEqual(parseInline(text), plain(text));
  }
});

test("bold, italic and strike nest and may hold code", () => {
  assert.deepEqual(parseInline("*a _b_*"), [
    { kind: "bold", children: [...plain("a "), { kind: "italic", children: plain("b") }] },
  ]);
  assert.deepEqual(parseInline("*a `x*y`*"), [
    { kind: "bold", children: [...plain("a "), { kind: "code", text: "x*y" }] },
  ]);
});

test("mentions, links and dates are read with their labels", () => {
  assert.deepEqual(parseInline("<@U1> <#C1|inc> <!subteam^S1> <!here>").filter((n) => n.kind !== "text"), [
    { kind: "user", id: "U1", label: null },
    { kind: "channel", id: "C1", label: "inc" },
    { kind: "usergroup", id: "S1", label: null },
    { kind: "broadcast", range: "here" },
  ]);
  assert.deepEqual(parseInline("<https://a.b/?x=1&amp;y=2|see>"), [
    { kind: "link", url: "https://a.b/?x=1&y=2", label: "see" },
  ]);
  assert.deepEqual(parseInline("<!date^1710000000^{date_short_pretty} {time}^https://x.y/|fb>"), [
    {
      kind: "date",
      timestamp: 1710000000,
      format: "{date_short_pretty} {time}",
      url: "https://x.y/",
      fallback: "fb",
    },
  ]);
});

test("escaped characters come back, and never as markup", () => {
  assert.deepEqual(parseInline("&lt;b&gt; &amp;amp; &lt;@U1&gt;"), plain("<b> &amp; <@U1>"));
});

test("bare addresses become links without the full stop after them", () => {
  assert.deepEqual(parseInline("see http://x:8001/health."), [
    ...plain("see "),
    { kind: "link", url: "http://x:8001/health", label: "http://x:8001/health" },
    ...plain("."),
  ]);
});

test("code blocks and quotes are paragraphs of their own and keep their text", () => {
  assert.deepEqual(parseMrkdwn("a\n```\nx *y*\n  z\n```\nb"), [
    { kind: "lines", children: plain("a") },
    { kind: "preformatted", text: "x *y*\n  z" },
    { kind: "lines", children: plain("b") },
  ]);
  assert.deepEqual(parseMrkdwn("&gt; one\n&gt; two\nthree"), [
    { kind: "quote", children: plain("one\ntwo") },
    { kind: "lines", children: plain("three") },
  ]);
});

test("a code block that is not closed stays text", () => {
  assert.deepEqual(parseMrkdwn("a ``` b"), [{ kind: "lines", children: plain("a ``` b") }]);
});
