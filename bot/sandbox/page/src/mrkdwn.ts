// Slack's mrkdwn as a tree. Written here because the parser of slack-blocks-to-jsx takes times
// such as 0:22/0:30 for emoji, drops lines starting with #, and formats inside code.

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "emoji"; name: string }
  | { kind: "bold" | "italic" | "strike"; children: Inline[] }
  | { kind: "link"; url: string; label: string }
  | { kind: "user" | "channel" | "usergroup"; id: string; label: string | null }
  | { kind: "broadcast"; range: string }
  | { kind: "date"; timestamp: number; format: string; url: string | null; fallback: string };

export type Paragraph =
  | { kind: "lines" | "quote"; children: Inline[] }
  | { kind: "preformatted"; text: string };

export function unescapeEntities(text: string): string {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

const BRACKET = /^<([^<>\n]+)>/;
const DATE = /^!date\^(\d+)\^([^^|]*)(?:\^([^|]*))?(?:\|(.*))?$/;
const EMOJI = /^:([a-z0-9_+'-]*[a-z_+'-][a-z0-9_+'-]*):/;
const BARE_URL = /^https?:\/\/[^\s<>]*[^\s<>.,;:!?)\]'"]/;
const STYLES = { "*": "bold", _: "italic", "~": "strike" } as const;

function bracket(inside: string): Inline {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : unescapeEntities(inside.slice(bar + 1));
  if (target.startsWith("@")) return { kind: "user", id: target.slice(1), label };
  if (target.startsWith("#")) return { kind: "channel", id: target.slice(1), label };
  if (target.startsWith("!subteam^")) return { kind: "usergroup", id: target.slice(9), label };
  const date = DATE.exec(inside);
  if (date) {
    return {
      kind: "date",
      timestamp: Number(date[1]),
      format: date[2] ?? "",
      url: date[3] ? unescapeEntities(date[3]) : null,
      fallback: unescapeEntities(date[4] ?? ""),
    };
  }
  if (target.startsWith("!")) return { kind: "broadcast", range: target.slice(1) };
  const url = unescapeEntities(target);
  return { kind: "link", url, label: label || url.replace(/^(mailto|tel):/, "") };
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

/** Where the run opened at `start` by `mark` ends, or -1: it must hug its text and end a word. */
function closingMark(source: string, start: number, mark: string): number {
  const next = source[start + 1];
  if (next === undefined || /\s/.test(next) || next === mark || isWord(source[start - 1])) return -1;
  for (let at = start + 1; at < source.length && source[at] !== "\n"; at += 1) {
    if (source[at] === "`") {
      const end = source.indexOf("`", at + 1);
      if (end > 0) at = end;
      continue;
    }
    const closes = source[at] === mark && !/\s/.test(source[at - 1] ?? " ");
    if (closes && !isWord(source[at + 1]) && source[at + 1] !== mark) return at;
  }
  return -1;
}

/** The construct that begins at `at` and the length of its source, or null for a plain character. */
function constructAt(source: string, at: number): [Inline, number] | null {
  const character = source[at] ?? "";
  const rest = source.slice(at);
  if (character === "<") {
    const match = BRACKET.exec(rest);
    return match ? [bracket(match[1] ?? ""), match[0].length] : null;
  }
  if (character === "`") {
    const match = /^`([^`\n]+)`/.exec(rest);
    return match ? [{ kind: "code", text: unescapeEntities(match[1] ?? "") }, match[0].length] : null;
  }
  if (character === ":" && !isWord(source[at - 1])) {
    const match = EMOJI.exec(rest);
    return match ? [{ kind: "emoji", name: match[1] ?? "" }, match[0].length] : null;
  }
  if (character === "h" && !isWord(source[at - 1])) {
    const match = BARE_URL.exec(rest);
    if (!match) return null;
    const url = unescapeEntities(match[0]);
    return [{ kind: "link", url, label: url }, match[0].length];
  }
  const style = STYLES[character as keyof typeof STYLES];
  if (!style) return null;
  const end = closingMark(source, at, character);
  if (end < 0) return null;
  return [{ kind: style, children: parseInline(source.slice(at + 1, end)) }, end - at + 1];
}

export function parseInline(source: string): Inline[] {
  const found: Inline[] = [];
  let plain = "";
  const flush = () => {
    if (plain) found.push({ kind: "text", text: unescapeEntities(plain) });
    plain = "";
  };
  for (let at = 0; at < source.length; ) {
    const construct = constructAt(source, at);
    if (construct) {
      flush();
      found.push(construct[0]);
      at += construct[1];
    } else {
      plain += source[at];
      at += 1;
    }
  }
  flush();
  return found;
}

const QUOTE = /^(?:&gt;|>) ?/;

function linesAndQuotes(source: string): Paragraph[] {
  const groups: { kind: "lines" | "quote"; lines: string[] }[] = [];
  for (const line of source.split("\n")) {
    const kind = QUOTE.test(line) ? "quote" : "lines";
    const last = groups.at(-1);
    const text = kind === "quote" ? line.replace(QUOTE, "") : line;
    if (last?.kind === kind) last.lines.push(text);
    else groups.push({ kind, lines: [text] });
  }
  return groups.map(({ kind, lines }) => ({ kind, children: parseInline(lines.join("\n")) }));
}

export function parseMrkdwn(source: string): Paragraph[] {
  const parts = source.split("```");
  const unclosed = parts.length % 2 === 0;
  if (unclosed) parts.push("```" + (parts.pop() ?? ""));
  const texts = unclosed ? [...parts.slice(0, -2), parts.slice(-2).join("")] : parts;
  return texts.flatMap((part, index): Paragraph[] => {
    if (index % 2 === 1) {
      return [{ kind: "preformatted", text: unescapeEntities(part.replace(/^\n|\n$/g, "")) }];
    }
    const afterCode = index > 0 ? part.replace(/^\n/, "") : part;
    const text = index < texts.length - 1 ? afterCode.replace(/\n$/, "") : afterCode;
    return text ? linesAndQuotes(text) : [];
  });
}
