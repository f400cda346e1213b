// A channel's messages: what is shown in the channel, and what in a thread.
import type { Message } from "./types";

export function isReply(message: Message): boolean {
  return message.thread_ts !== undefined && message.thread_ts !== message.ts;
}

export function topLevel(messages: Message[]): Message[] {
  return messages.filter((message) => !isReply(message));
}

export function inThread(messages: Message[], root: string): Message[] {
  return messages.filter((message) => message.ts === root || message.thread_ts === root);
}

export interface Replies {
  count: number;
  lastTs: string;
}

export function repliesByRoot(messages: Message[]): Map<string, Replies> {
  const replies = new Map<string, Replies>();
  for (const message of messages) {
    if (!isReply(message) || message.thread_ts === undefined) continue;
    const before = replies.get(message.thread_ts);
    replies.set(message.thread_ts, { count: (before?.count ?? 0) + 1, lastTs: message.ts });
  }
  return replies;
}

/** `message` in its place by time; the same ts replaces, a deleted one goes away. */
export function mergeMessage(messages: Message[], message: Message): Message[] {
  const at = messages.findIndex(({ ts }) => ts === message.ts);
  if (message.deleted) return at < 0 ? messages : messages.toSpliced(at, 1);
  if (at >= 0) return messages.with(at, message);
  const later = messages.findIndex(({ ts }) => Number(ts) > Number(message.ts));
  return messages.toSpliced(later < 0 ? messages.length : later, 0, message);
}
