// Radio buttons and tick boxes.
import { useId } from "react";
import { useInput } from "../block-host";
import type { CheckboxesElement, Option, RadioButtonsElement } from "../blockkit-elements";
import { TextView } from "../text";
import { hooksOf, nameOf, type ElementProps } from "./placed";

function OptionText({ option }: { option: Option }) {
  return (
    <span>
      <TextView text={option.text} />
      {option.description && (
        <small>
          <TextView text={option.description} />
        </small>
      )}
    </span>
  );
}

export function RadioButtons(props: ElementProps<RadioButtonsElement>) {
  const { placed, dispatch } = props;
  const { value, change } = useInput(placed, dispatch);
  const name = useId();
  return (
    <div role="radiogroup" className="choices" {...hooksOf(placed)} {...nameOf(props, true)}>
      {placed.element.options.map((option) => (
        <label className="choice" key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={value.selected_option?.value === option.value}
            onChange={() => void change({ selected_option: option })}
          />
          <OptionText option={option} />
        </label>
      ))}
    </div>
  );
}

export function Checkboxes(props: ElementProps<CheckboxesElement>) {
  const { placed, dispatch } = props;
  const { value, change } = useInput(placed, dispatch);
  const chosen = new Set((value.selected_options ?? []).map((option) => option.value));
  const toggle = (option: Option) => {
    const wanted = new Set(chosen);
    if (!wanted.delete(option.value)) wanted.add(option.value);
    void change({ selected_options: placed.element.options.filter((one) => wanted.has(one.value)) });
  };
  return (
    <div role="group" className="choices" {...hooksOf(placed)} {...nameOf(props, true)}>
      {placed.element.options.map((option) => (
        <label className="choice" key={option.value}>
          <input
            type="checkbox"
            value={option.value}
            checked={chosen.has(option.value)}
            onChange={() => toggle(option)}
          />
          <OptionText option={option} />
        </label>
      ))}
    </div>
  );
}
