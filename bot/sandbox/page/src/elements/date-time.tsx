// Date, time, and both; a datetimepicker speaks Unix seconds and shows the reader's zone.
import { useInput } from "../block-host";
import type { DatePickerElement, DateTimePickerElement, TimePickerElement } from "../blockkit-elements";
import { hooksOf, nameOf, type ElementProps } from "./placed";
import { localInput, unixOfLocalInput } from "../local-time";

export function DatePicker(props: ElementProps<DatePickerElement>) {
  const { value, change } = useInput(props.placed, props.dispatch);
  return (
    <input
      type="date"
      className="text-input is-narrow"
      {...hooksOf(props.placed)}
      {...nameOf(props)}
      value={value.selected_date ?? ""}
      onChange={(event) => void change({ selected_date: event.target.value || null })}
    />
  );
}

export function TimePicker(props: ElementProps<TimePickerElement>) {
  const { value, change } = useInput(props.placed, props.dispatch);
  const { timezone } = props.placed.element;
  return (
    <span className="with-note">
      <input
        type="time"
        className="text-input is-narrow"
        {...hooksOf(props.placed)}
        {...nameOf(props)}
        value={value.selected_time ?? ""}
        onChange={(event) => void change({ selected_time: event.target.value || null })}
      />
      {timezone && <small>{timezone}</small>}
    </span>
  );
}

export function DateTimePicker(props: ElementProps<DateTimePickerElement>) {
  const { value, change } = useInput(props.placed, props.dispatch);
  const { selected_date_time: seconds } = value;
  return (
    <span className="with-note">
      <input
        type="datetime-local"
        className="text-input is-narrow"
        {...hooksOf(props.placed)}
        {...nameOf(props)}
        value={seconds ? localInput(seconds) : ""}
        onChange={(event) => void change({ selected_date_time: unixOfLocalInput(event.target.value) })}
      />
      <small>{Intl.DateTimeFormat().resolvedOptions().timeZone}</small>
    </span>
  );
}
