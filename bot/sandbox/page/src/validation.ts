// What a modal checks before it sends itself to the app.
import { actionIdOf, blockIdOf, isEmpty, type ElementValue, type StateValues } from "./block-state";
import type { AnyBlock } from "./blockkit";
import type { NumberInputElement, StatefulElement, TextInputElement } from "./blockkit-elements";

export const REQUIRED = "Please complete this required field.";

function textProblem(element: TextInputElement, text: string): string | null {
  if (element.min_length !== undefined && text.length < element.min_length) {
    return `Please enter at least ${element.min_length} characters.`;
  }
  if (element.max_length !== undefined && text.length > element.max_length) {
    return `Please enter at most ${element.max_length} characters.`;
  }
  if (element.type === "email_text_input" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) {
    return "Please enter a valid email address.";
  }
  if (element.type === "url_text_input" && !URL.canParse(text)) {
    return "Please enter a valid URL.";
  }
  return null;
}

function numberProblem(element: NumberInputElement, text: string): string | null {
  const entered = Number(text);
  if (text.trim() === "" || !Number.isFinite(entered)) return "Please enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(entered)) {
    return "Please enter a whole number.";
  }
  if (element.min_value !== undefined && entered < Number(element.min_value)) {
    return `Please enter a number that is at least ${element.min_value}.`;
  }
  if (element.max_value !== undefined && entered > Number(element.max_value)) {
    return `Please enter a number that is at most ${element.max_value}.`;
  }
  return null;
}

function problemOf(element: StatefulElement, value: ElementValue): string | null {
  switch (element.type) {
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
      return textProblem(element, value.value ?? "");
    case "number_input":
      return numberProblem(element, value.value ?? "");
    default:
      return null;
  }
}

/** Problems by block id; empty when the modal may be sent. */
export function validate(blocks: AnyBlock[], values: StateValues): Record<string, string> {
  const problems: Record<string, string> = {};
  blocks.forEach((block, index) => {
    if (block.type !== "input") return;
    const blockId = blockIdOf(block, index);
    const value = values[blockId]?.[actionIdOf(block.element, 0)];
    if (!value || isEmpty(value)) {
      if (!block.optional) problems[blockId] = REQUIRED;
      return;
    }
    const problem = problemOf(block.element, value);
    if (problem) problems[blockId] = problem;
  });
  return problems;
}
