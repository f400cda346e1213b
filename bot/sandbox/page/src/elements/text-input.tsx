// Fields for text and numbers.
import type { ChangeEvent, KeyboardEvent } from "react";
import { useInput } from "../block-host";
import type { NumberInputElement, TextInputElement } from "../blockkit-elements";
import { hooksOf, nameOf, type ElementProps } from "./placed";

const INPUT_MODES = {
  plain_text_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "decimal",
} as const;

export function TextInput(props: ElementProps<TextInputElement | NumberInputElement>) {
  const { placed, dispatch } = props;
  const { element } = placed;
  const { value, enter, change, dispatchNow } = useInput(placed, dispatch);
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const text = value.value ?? "";

  const onChange = (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    const fields = { value: event.target.value || null };
    if (dispatch && triggers.includes("on_character_entered")) void change(fields);
    else enter(fields);
  };
  const isMultiline = element.type === "plain_text_input" && element.multiline === true;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || isMultiline || !dispatch) return;
    if (triggers.includes("on_enter_pressed")) {
      event.preventDefault();
      dispatchNow();
    }
  };
  const shared = {
    ...hooksOf(placed),
    ...nameOf(props),
    ...(element.focus_on_load ? { "data-autofocus": "" } : {}),
    className: "text-input",
    value: text,
    placeholder: element.placeholder?.text,
    autoComplete: "off",
    onChange,
    onKeyDown,
  };
  const limit = element.type === "number_input" ? undefined : element.max_length;
  return (
    <>
      {isMultiline ? (
        <textarea {...shared} rows={4} />
      ) : (
        <input {...shared} type="text" inputMode={INPUT_MODES[element.type]} />
      )}
      {limit !== undefined && text.length > limit * 0.8 && (
        <span className={`counter ${text.length > limit ? "is-over" : ""}`}>{limit - text.length} left</span>
      )}
    </>
  );
}
