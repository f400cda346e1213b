// The component of each element type.
import type { Placed } from "../block-state";
import type { InteractiveElement } from "../blockkit-elements";
import { Button, FeedbackButtons, IconButton } from "./button";
import { Checkboxes, RadioButtons } from "./choices";
import { DatePicker, DateTimePicker, TimePicker } from "./date-time";
import { MultiDirectorySelect, MultiStaticSelect } from "./multi-select";
import { Overflow } from "./overflow";
import type { ElementProps } from "./placed";
import { DirectorySelect, StaticSelect } from "./select";
import { TextInput } from "./text-input";

export function ElementView({ placed, ...rest }: ElementProps<InteractiveElement>) {
  const { blockId, actionId, element } = placed;
  function at<E extends InteractiveElement>(one: E): ElementProps<E> {
    const narrowed: Placed<E> = { blockId, actionId, element: one };
    return { placed: narrowed, ...rest };
  }
  switch (element.type) {
    case "button":
    case "workflow_button":
      return <Button {...at(element)} />;
    case "icon_button":
      return <IconButton {...at(element)} />;
    case "feedback_buttons":
      return <FeedbackButtons {...at(element)} />;
    case "overflow":
      return <Overflow {...at(element)} />;
    case "static_select":
      return <StaticSelect {...at(element)} />;
    case "users_select":
    case "channels_select":
    case "conversations_select":
      return <DirectorySelect {...at(element)} />;
    case "multi_static_select":
      return <MultiStaticSelect {...at(element)} />;
    case "multi_users_select":
    case "multi_channels_select":
    case "multi_conversations_select":
      return <MultiDirectorySelect {...at(element)} />;
    case "radio_buttons":
      return <RadioButtons {...at(element)} />;
    case "checkboxes":
      return <Checkboxes {...at(element)} />;
    case "datepicker":
      return <DatePicker {...at(element)} />;
    case "timepicker":
      return <TimePicker {...at(element)} />;
    case "datetimepicker":
      return <DateTimePicker {...at(element)} />;
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
      return <TextInput {...at(element)} />;
    default:
      return <UnknownElement type={(element as { type: string }).type} />;
  }
}

function UnknownElement({ type }: { type: string }) {
  return <span className="unsupported">This workspace cannot show “{type}”.</span>;
}
