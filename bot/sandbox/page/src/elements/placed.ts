// What each element component gets.
import type { Placed } from "../block-state";
import type { InteractiveElement } from "../blockkit-elements";

export interface ElementProps<E extends InteractiveElement> {
  placed: Placed<E>;
  /** Whether a change is told to the app at once. */
  dispatch: boolean;
  /** In an input block: the ids of its label, hint and problem. */
  field?: { inputId: string; labelId: string; describedBy: string | undefined; invalid: boolean; required: boolean };
}

/** Attributes by which tests and styles find an element. */
export function hooksOf({ blockId, actionId }: Placed<InteractiveElement>) {
  return { "data-block-id": blockId, "data-action-id": actionId };
}

/** Names the control: by its label in an input block, else by its own label or placeholder. */
export function nameOf(props: ElementProps<InteractiveElement>, isGroup = false) {
  const { element } = props.placed;
  if (!props.field) {
    return { "aria-label": element.accessibility_label ?? element.placeholder?.text ?? "Choose" };
  }
  const { inputId, labelId, describedBy, invalid, required } = props.field;
  return {
    ...(isGroup ? { "aria-labelledby": labelId } : { id: inputId }),
    "aria-describedby": describedBy,
    ...(invalid ? { "aria-invalid": true as const } : {}),
    ...(required && !isGroup ? { "aria-required": true as const } : {}),
  };
}
