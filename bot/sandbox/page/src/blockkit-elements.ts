// Block Kit: texts, options and the elements a person can use.

export interface Text {
  type: "plain_text" | "mrkdwn";
  text: string;
  emoji?: boolean;
}

export interface Option {
  text: Text;
  value: string;
  description?: Text;
  url?: string;
}

export interface OptionGroup {
  label: Text;
  options: Option[];
}

export interface Confirm {
  title: Text;
  text: Text;
  confirm: Text;
  deny: Text;
  style?: "primary" | "danger";
}

export interface ImageElement {
  type: "image";
  image_url?: string;
  alt_text: string;
}

interface Interactive {
  action_id?: string;
  confirm?: Confirm;
  placeholder?: Text;
  focus_on_load?: boolean;
  accessibility_label?: string;
}

export interface ButtonElement extends Interactive {
  type: "button" | "workflow_button";
  text: Text;
  value?: string;
  url?: string;
  style?: "primary" | "danger";
}

export interface IconButtonElement extends Interactive {
  type: "icon_button";
  icon: string;
  text: Text;
  value?: string;
}

interface FeedbackChoice {
  text: Text;
  value: string;
  accessibility_label?: string;
}

export interface FeedbackButtonsElement extends Interactive {
  type: "feedback_buttons";
  positive_button: FeedbackChoice;
  negative_button: FeedbackChoice;
}

export interface StaticSelectElement extends Interactive {
  type: "static_select";
  options?: Option[];
  option_groups?: OptionGroup[];
  initial_option?: Option;
}

export interface MultiStaticSelectElement extends Interactive {
  type: "multi_static_select";
  options?: Option[];
  option_groups?: OptionGroup[];
  initial_options?: Option[];
  max_selected_items?: number;
}

export interface DirectorySelectElement extends Interactive {
  type: "users_select" | "channels_select" | "conversations_select";
  initial_user?: string;
  initial_channel?: string;
  initial_conversation?: string;
}

export interface MultiDirectorySelectElement extends Interactive {
  type: "multi_users_select" | "multi_channels_select" | "multi_conversations_select";
  initial_users?: string[];
  initial_channels?: string[];
  initial_conversations?: string[];
  max_selected_items?: number;
}

export interface OverflowElement extends Interactive {
  type: "overflow";
  options: Option[];
}

export interface RadioButtonsElement extends Interactive {
  type: "radio_buttons";
  options: Option[];
  initial_option?: Option;
}

export interface CheckboxesElement extends Interactive {
  type: "checkboxes";
  options: Option[];
  initial_options?: Option[];
}

export interface DispatchConfig {
  trigger_actions_on?: ("on_enter_pressed" | "on_character_entered")[];
}

export interface TextInputElement extends Interactive {
  type: "plain_text_input" | "email_text_input" | "url_text_input";
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  initial_value?: string;
  dispatch_action_config?: DispatchConfig;
}

export interface NumberInputElement extends Interactive {
  type: "number_input";
  is_decimal_allowed: boolean;
  min_value?: string;
  max_value?: string;
  initial_value?: string;
  dispatch_action_config?: DispatchConfig;
}

export interface DatePickerElement extends Interactive {
  type: "datepicker";
  initial_date?: string;
}

export interface TimePickerElement extends Interactive {
  type: "timepicker";
  initial_time?: string;
  timezone?: string;
}

export interface DateTimePickerElement extends Interactive {
  type: "datetimepicker";
  initial_date_time?: number;
}

export type StatefulElement =
  | StaticSelectElement
  | MultiStaticSelectElement
  | DirectorySelectElement
  | MultiDirectorySelectElement
  | RadioButtonsElement
  | CheckboxesElement
  | TextInputElement
  | NumberInputElement
  | DatePickerElement
  | TimePickerElement
  | DateTimePickerElement;

export type PressElement =
  | ButtonElement
  | IconButtonElement
  | FeedbackButtonsElement
  | OverflowElement;

export type Element = StatefulElement | PressElement | ImageElement;
export type InteractiveElement = StatefulElement | PressElement;
