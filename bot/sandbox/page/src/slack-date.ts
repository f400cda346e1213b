// Slack's date format, <!date^timestamp^{date_short_pretty} {time}|fallback>, in the reader's zone.

const DAY_MS = 86_400_000;

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function relativeDay(date: Date, now: Date): string | null {
  const days = Math.round((startOfDay(date) - startOfDay(now)) / DAY_MS);
  return { "-1": "yesterday", "0": "today", "1": "tomorrow" }[String(days)] ?? null;
}

export function clockTime(date: Date, withSeconds = false): string {
  return date.toLocaleTimeString(undefined, {
    hour: "2-digit",
    minute: "2-digit",
    ...(withSeconds ? { second: "2-digit" } : {}),
  });
}

export function ago(date: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - date.getTime()) / 1000);
  const [past, size] = [seconds >= 0, Math.abs(seconds)];
  const steps: [number, string][] = [[86_400, "day"], [3600, "hour"], [60, "minute"]];
  const step = steps.find(([length]) => size >= length);
  if (!step) return past ? "just now" : "in a moment";
  const count = Math.floor(size / step[0]);
  const words = `${count} ${step[1]}${count === 1 ? "" : "s"}`;
  return past ? `${words} ago` : `in ${words}`;
}

function day(date: Date, style: "long" | "short" | "full"): string {
  const withYear = { day: "numeric", year: "numeric" } as const;
  if (style === "full") return date.toLocaleDateString(undefined, { weekday: "long", month: "long", ...withYear });
  return date.toLocaleDateString(undefined, { month: style, ...withYear });
}

function numeric(date: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function token(name: string, date: Date, now: Date): string | null {
  switch (name) {
    case "date_num":
      return numeric(date);
    case "date_slash":
      return date.toLocaleDateString();
    case "date":
      return day(date, "long");
    case "date_pretty":
      return relativeDay(date, now) ?? day(date, "long");
    case "date_short":
      return day(date, "short");
    case "date_short_pretty":
      return relativeDay(date, now) ?? day(date, "short");
    case "date_long":
    case "date_long_full":
      return day(date, "full");
    case "date_long_pretty":
    case "day_divider_pretty":
      return relativeDay(date, now) ?? day(date, "full");
    case "time":
      return clockTime(date);
    case "time_secs":
      return clockTime(date, true);
    case "ago":
      return ago(date, now);
    default:
      return null;
  }
}

/** The text for `format`, or null when it holds a token that Slack does not know. */
export function formatSlackDate(timestamp: number, format: string, now: Date): string | null {
  const date = new Date(timestamp * 1000);
  let known = true;
  const text = format.replace(/\{([a-z_]+)\}/g, (_whole, name: string) => {
    const value = token(name, date, now);
    if (value === null) known = false;
    return value ?? "";
  });
  if (!known) return null;
  return /^\{(date|day)[a-z_]*pretty\}/.test(format) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** The heading between messages of different days. */
export function dayHeading(date: Date, now: Date): string {
  const text = token("day_divider_pretty", date, now) ?? "";
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function dateOfTs(ts: string): Date {
  return new Date(Number(ts) * 1000);
}
