// What the local workspace's server sends and accepts.
import type { AnyBlock } from "./blockkit";
import type { StateValues } from "./block-state";

export interface Person {
  id: string;
  name: string;
  title: string;
}

export interface Channel {
  id: string;
  name: string;
  topic: string;
}

export interface Command {
  command: string;
  description: string;
  usage_hint: string;
}

export interface Shortcut {
  callback_id: string;
  name: string;
  type: "global" | "message";
}

export interface Usergroup {
  id: string;
  handle: string;
  name: string;
}

export interface Attachment {
  color?: string;
  pretext?: string;
  title?: string;
  text?: string;
  fallback?: string;
  blocks?: AnyBlock[];
}

export interface SharedFile {
  id: string;
  name: string;
  title: string;
  filetype: string;
  pretty_type: string;
  size: number;
  url_private_download: string;
}

export interface Message {
  ts: string;
  thread_ts?: string;
  channel: string;
  user?: string;
  bot_id?: string;
  username?: string;
  text: string;
  blocks?: AnyBlock[];
  attachments?: Attachment[];
  files?: SharedFile[];
  edited?: { ts: string };
  ephemeral?: boolean;
  reply_count?: number;
  deleted?: boolean;
}

export interface View {
  id: string;
  hash: string;
  type: "modal" | "home";
  title?: { text: string };
  submit?: { text: string } | null;
  close?: { text: string } | null;
  blocks: AnyBlock[];
  callback_id: string;
  private_metadata: string;
  state?: { values: StateValues };
  errors?: Record<string, string>;
  root_view_id: string;
  previous_view_id?: string | null;
}

export interface WorkspaceState {
  team: { id: string; name: string };
  app: { name: string; bot_user_id: string };
  people: Person[];
  channels: Channel[];
  commands: Command[];
  shortcuts: Shortcut[];
  usergroups: Usergroup[];
  messages: Record<string, Message[]>;
  view: View | null;
  /** What the app has published on its home. */
  home?: View | null;
  faults: { rate_limits: boolean; connected: number };
}

export type NoticeLevel = "info" | "error";

export type SocketEvent =
  | { type: "message"; message: Message }
  | { type: "view"; view: View | null }
  | { type: "notice"; text: string; level: NoticeLevel }
  | { type: "connection"; connected: number }
  | { type: "reset" };

/** The server's answer to anything that was passed on to the app. */
export interface Delivery {
  delivered: boolean;
  acknowledged: boolean;
  elapsed_ms: number;
  error?: string;
  errors?: Record<string, string>;
}

export type Container =
  | { type: "message"; channel: string; ts: string }
  | { type: "view"; view_id: string };
