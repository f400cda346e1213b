import assert from "node:assert/strict";
import { test } from "node:test";
import { collectState, isEmpty } from "../src/block-state";
import type { AnyBlock } from "../src/blockkit";
import type { Option, Text } from "../src/blockkit-elements";

const text = (value: string): Text => ({ type: "plain_text", text: value });
const option = (value: string): Option => ({ text: text(value), value });

const name: AnyBlock = {
  type: "input",
  block_id: "name",
  label: text("Name"),
  element: { type: "plain_text_input", action_id: "text", initial_value: "planwise" },
};
const scope: AnyBlock = {
  type: "actions",
  block_id: "scope",
  elements: [
    { type: "button", action_id: "go", text: text("Go") },
    { type: "static_select", action_id: "plan", options: [option("a"), option("b")] },
  ],
};

test("initial values count until something is entered", () => {
  assert.deepEqual(collectState([name], {}), {
    name: { text: { type: "plain_text_input", value: "planwise" } },
  });
});

test("what was entered wins over what the server remembers", () => {
  const entered = { name: { text: { type: "plain_text_input", value: "typed" } } };
  const remembered = { name: { text: { type: "plain_text_input", value: "old" } } };
  assert.equal(collectState([name], entered, remembered).name?.text?.value, "typed");
  assert.equal(collectState([name], {}, remembered).name?.text?.value, "old");
});

test("an emptied field stays empty and does not fall back to its initial value", () => {
  const entered = { name: { text: { type: "plain_text_input", value: null } } };
  assert.equal(collectState([name], entered).name?.text?.value, null);
});

test("buttons have no value and menus without a choice are null", () => {
  assert.deepEqual(collectState([scope], {}), {
    scope: { plan: { type: "static_select", selected_option: null } },
  });
});

test("values of inputs that are gone, or of another type now, are left out", () => {
  const entered = {
    gone: { text: { type: "plain_text_input", value: "x" } },
    name: { text: { type: "number_input", value: "4" } },
  };
  assert.deepEqual(collectState([name], entered), {
    name: { text: { type: "plain_text_input", value: "planwise" } },
  });
});

test("no choice, no text and no date are empty; zero seconds and a choice are not", () => {
  assert.ok(isEmpty({ type: "checkboxes", selected_options: [] }));
  assert.ok(isEmpty({ type: "plain_text_input", value: "" }));
  assert.ok(isEmpty({ type: "datepicker", selected_date: null }));
  assert.ok(!isEmpty({ type: "datetimepicker", selected_date_time: 0 }));
  assert.ok(!isEmpty({ type: "static_select", selected_option: option("a") }));
});
