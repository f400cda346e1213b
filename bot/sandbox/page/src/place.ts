// Where the page is: person, channel and thread, kept in the URL after the #.

/** Who the page starts as: the first person of a new workspace (bot/sandbox/seed.py). */
export const FIRST_PERSON = "U0ONCALL";

/** In place of a channel id: the app's home. */
export const HOME = "home";

/** What stands before a name: direct messages have ids with a D. */
export function markOf(channel: string): string {
  return channel.startsWith("D") ? "@" : "#";
}

export interface Place {
  user: string | null;
  channel: string | null;
  thread: string | null;
}

export function readPlace(hash: string): Place {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  return { user: fields.get("user"), channel: fields.get("channel"), thread: fields.get("thread") };
}

export function placeHash({ user, channel, thread }: Place): string {
  const fields = new URLSearchParams();
  if (user) fields.set("user", user);
  if (channel) fields.set("channel", channel);
  if (thread) fields.set("thread", thread);
  return `#${fields.toString()}`;
}

/** Channel and message of a Slack permalink such as https://…/archives/C123/p1710000000000100. */
export function readPermalink(url: string): { channel: string; ts: string; thread: string | null } | null {
  const match = /\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?(?:\?[^#]*thread_ts=([\d.]+))?/.exec(url);
  if (!match?.[1]) return null;
  return { channel: match[1], ts: match[2] ? `${match[2]}.${match[3]}` : "", thread: match[4] ?? null };
}

/** Where to start: at the message of a permalink, or where the hash says. */
export function readStart(url: URL): { place: Place; target: string | null } {
  const place = readPlace(url.hash);
  const link = url.pathname === "/" ? null : readPermalink(url.href);
  if (!link) return { place, target: null };
  return { place: { ...place, channel: link.channel, thread: link.thread }, target: link.ts || null };
}
