// Values of the inputs of one message or modal, in the shape Slack gives them to an app.
import type { AnyBlock } from "./blockkit";
import type { InteractiveElement, Option, StatefulElement } from "./blockkit-elements";

/** What one element holds; exactly the fields Slack puts beside its `type`. */
export interface ElementValue {
  type: string;
  value?: string | null;
  selected_option?: Option | null;
  selected_options?: Option[];
  selected_user?: string | null;
  selected_users?: string[];
  selected_channel?: string | null;
  selected_channels?: string[];
  selected_conversation?: string | null;
  selected_conversations?: string[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
}

export type StateValues = Record<string, Record<string, ElementValue>>;

export interface Placed<E> {
  blockId: string;
  actionId: string;
  element: E;
}

const STATELESS = new Set([
  "button", "workflow_button", "icon_button", "feedback_buttons", "overflow", "image",
]);

export function isStateful(element: { type: string }): element is StatefulElement {
  return !STATELESS.has(element.type);
}

/** Slack makes up missing ids; the position serves the page as well. */
export function blockIdOf(block: AnyBlock, index: number): string {
  return block.block_id || `block-${index}`;
}

export function actionIdOf(element: { action_id?: string }, index: number): string {
  return element.action_id || `element-${index}`;
}

function elementsOf(block: AnyBlock): InteractiveElement[] {
  if (block.type === "input") return [block.element];
  if (block.type === "actions") return block.elements;
  if (block.type === "section" && block.accessory && block.accessory.type !== "image") {
    return [block.accessory];
  }
  return [];
}

export function statefulElements(blocks: AnyBlock[]): Placed<StatefulElement>[] {
  return blocks.flatMap((block, blockIndex) =>
    elementsOf(block).flatMap((element, index) =>
      isStateful(element)
        ? [{ blockId: blockIdOf(block, blockIndex), actionId: actionIdOf(element, index), element }]
        : [],
    ),
  );
}

export function initialValue(element: StatefulElement): ElementValue {
  const type = element.type;
  switch (element.type) {
    case "static_select":
    case "radio_buttons":
      return { type, selected_option: element.initial_option ?? null };
    case "multi_static_select":
    case "checkboxes":
      return { type, selected_options: element.initial_options ?? [] };
    case "users_select":
      return { type, selected_user: element.initial_user ?? null };
    case "channels_select":
      return { type, selected_channel: element.initial_channel ?? null };
    case "conversations_select":
      return { type, selected_conversation: element.initial_conversation ?? null };
    case "multi_users_select":
      return { type, selected_users: element.initial_users ?? [] };
    case "multi_channels_select":
      return { type, selected_channels: element.initial_channels ?? [] };
    case "multi_conversations_select":
      return { type, selected_conversations: element.initial_conversations ?? [] };
    case "datepicker":
      return { type, selected_date: element.initial_date ?? null };
    case "timepicker":
      return { type, selected_time: element.initial_time ?? null };
    case "datetimepicker":
      return { type, selected_date_time: element.initial_date_time ?? null };
    default:
      return { type, value: element.initial_value ?? null };
  }
}

export function isEmpty({ type: _type, ...fields }: ElementValue): boolean {
  return Object.values(fields).every(
    (field) =>
      field === null || field === undefined || field === "" ||
      (Array.isArray(field) && field.length === 0),
  );
}

/**
 * The values of `blocks`: what was entered wins over what the server remembers, and that over the
 * initial values. Entries whose element is gone or is of another type now are left out.
 */
export function collectState(
  blocks: AnyBlock[],
  entered: StateValues,
  remembered: StateValues = {},
): StateValues {
  const values: StateValues = {};
  for (const { blockId, actionId, element } of statefulElements(blocks)) {
    const known = [entered, remembered]
      .map((source) => source[blockId]?.[actionId])
      .find((value) => value?.type === element.type);
    (values[blockId] ??= {})[actionId] = known ?? initialValue(element);
  }
  return values;
}
