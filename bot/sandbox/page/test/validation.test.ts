import assert from "node:assert/strict";
import { test } from "node:test";
import { collectState } from "../src/block-state";
import type { AnyBlock } from "../src/blockkit";
import type { StatefulElement } from "../src/blockkit-elements";
import { REQUIRED, validate } from "../src/validation";

function problemOf(element: StatefulElement, optional = false): string | undefined {
  const block: AnyBlock = {
    type: "input",
    block_id: "field",
    label: { type: "plain_text", text: "Field" },
    element: { ...element, action_id: "it" },
    optional,
  };
  return validate([block], collectState([block], {})).field;
}

test("an empty required input is named", () => {
  assert.equal(problemOf({ type: "plain_text_input" }), REQUIRED);
  assert.equal(problemOf({ type: "checkboxes", options: [] }), REQUIRED);
  assert.equal(problemOf({ type: "users_select" }), REQUIRED);
});

test("an empty optional input is fine", () => {
  assert.equal(problemOf({ type: "plain_text_input", min_length: 3 }, true), undefined);
});

test("texts are held to their lengths, at the limit inclusive", () => {
  const at = (initial_value: string) =>
    problemOf({ type: "plain_text_input", min_length: 3, max_length: 5, initial_value });
  assert.match(at("ab") ?? "", /at least 3/);
  assert.equal(at("abc"), undefined);
  assert.equal(at("abcde"), undefined);
  assert.match(at("abcdef") ?? "", /at most 5/);
});

test("numbers are held to their range and to being whole", () => {
  const at = (initial_value: string, is_decimal_allowed = false) =>
    problemOf({ type: "number_input", is_decimal_allowed, min_value: "0", max_value: "10", initial_value });
  assert.equal(at("0"), undefined);
  assert.equal(at("10"), undefined);
  assert.match(at("-1") ?? "", /at least 0/);
  assert.match(at("11") ?? "", /at most 10/);
  assert.match(at("1.5") ?? "", /whole number/);
  assert.equal(at("1.5", true), undefined);
  assert.match(at("five") ?? "", /a number/);
});

test("email addresses and URLs must look like such", () => {
  assert.match(problemOf({ type: "email_text_input", initial_value: "sam" }) ?? "", /email/);
  assert.equal(problemOf({ type: "email_text_input", initial_value: "sam@example.com" }), undefined);
  assert.match(problemOf({ type: "url_text_input", initial_value: "example" }) ?? "", /URL/);
});
