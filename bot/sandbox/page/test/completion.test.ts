import assert from "node:assert/strict";
import { test } from "node:test";
import { commandInProgress, encodeMessage, suggestions } from "../src/completion";

const commands = ["/reconcile", "/rollback", "/gates"].map((command) => ({
  command,
  description: "",
  usage_hint: "[migration]",
}));
const names = [
  { label: "Sam", detail: "", code: "<@U2>" },
  { label: "Sam Okafor", detail: "", code: "<@U1>" },
];
const keys = (text: string) => suggestions(text, text.length, commands, names).map(({ key }) => key);

test("commands are offered by what is typed, until there is a space", () => {
  assert.deepEqual(keys("/"), ["/reconcile", "/rollback", "/gates"]);
  assert.deepEqual(keys("/ro"), ["/rollback"]);
  assert.deepEqual(keys("/rollback planwise"), []);
  assert.equal(commandInProgress("/rollback plan", commands)?.command, "/rollback");
});

test("people are offered after an @ at the start of a word", () => {
  assert.deepEqual(keys("hello @oka"), ["<@U1>"]);
  assert.deepEqual(keys("mail sam@oka"), []);
});

test("names become mentions, the longer name first, and markup is escaped", () => {
  assert.equal(encodeMessage("@Sam Okafor <b> & @Sam", names), "<@U1> &lt;b&gt; &amp; <@U2>");
});
