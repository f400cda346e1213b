// Block Kit: the blocks of a message or a modal.
import type {
  ButtonElement,
  Element,
  ImageElement,
  InteractiveElement,
  StatefulElement,
  Text,
} from "./blockkit-elements";

interface Base {
  block_id?: string;
}

export interface SectionBlock extends Base {
  type: "section";
  text?: Text;
  fields?: Text[];
  accessory?: Element;
}

export interface HeaderBlock extends Base {
  type: "header";
  text: Text;
}

export interface ContextBlock extends Base {
  type: "context";
  elements: (Text | ImageElement)[];
}

export interface ActionsBlock extends Base {
  type: "actions" | "context_actions";
  elements: InteractiveElement[];
}

export interface InputBlock extends Base {
  type: "input";
  label: Text;
  element: StatefulElement;
  hint?: Text;
  optional?: boolean;
  dispatch_action?: boolean;
}

export interface RichTextBlock extends Base {
  type: "rich_text";
  elements: unknown[];
}

export type Cell =
  | { type: "raw_text"; text: string }
  | { type: "raw_number"; value: number; text?: string }
  | RichTextBlock;

export interface TableBlock extends Base {
  type: "table";
  rows: Cell[][];
  column_settings?: ({ align?: "left" | "center" | "right"; is_wrapped?: boolean } | null)[];
}

export interface DataTableBlock extends Base {
  type: "data_table";
  caption: string;
  rows: Cell[][];
  page_size?: number;
  row_header_column_index?: number;
}

export interface AlertBlock extends Base {
  type: "alert";
  text: Text;
  level?: "default" | "info" | "warning" | "error" | "success";
}

export interface CardBlock extends Base {
  type: "card";
  title?: Text;
  subtitle?: Text;
  body?: Text;
  icon?: ImageElement;
  hero_image?: ImageElement;
  actions?: ButtonElement[];
}

export interface CarouselBlock extends Base {
  type: "carousel";
  elements: CardBlock[];
}

export interface ContainerBlock extends Base {
  type: "container";
  title?: Text;
  subtitle?: Text;
  child_blocks?: AnyBlock[];
  is_collapsible?: boolean;
  default_collapsed?: boolean;
}

export interface DividerBlock extends Base {
  type: "divider";
}

/** Drawn by slack-blocks-to-jsx; the page does not look inside. */
export interface DisplayBlock extends Base {
  type: "rich_text" | "markdown" | "image" | "plan" | "task_card" | "data_visualization" | "video" | "file";
}

export type AnyBlock =
  | SectionBlock
  | HeaderBlock
  | ContextBlock
  | ActionsBlock
  | InputBlock
  | TableBlock
  | DataTableBlock
  | AlertBlock
  | CardBlock
  | CarouselBlock
  | ContainerBlock
  | DividerBlock
  | DisplayBlock;
