// What the composer offers while somebody types: slash commands, and people after an @.
import type { Command, Person, Usergroup } from "./types";

export interface Suggestion {
  key: string;
  label: string;
  hint: string;
  detail: string;
  /** The whole text after the suggestion is taken, and where the caret goes. */
  text: string;
  caret: number;
}

export interface Mentionable {
  label: string;
  detail: string;
  code: string;
}

export function mentionables(
  people: Person[],
  usergroups: Usergroup[],
  app: { name: string; bot_user_id: string },
): Mentionable[] {
  return [
    { label: app.name, detail: "app", code: `<@${app.bot_user_id}>` },
    ...people.map(({ id, name, title }) => ({ label: name, detail: title, code: `<@${id}>` })),
    ...usergroups.map(({ id, handle, name }) => ({
      label: handle,
      detail: name,
      code: `<!subteam^${id}>`,
    })),
  ];
}

function commandSuggestions(text: string, commands: Command[]): Suggestion[] {
  const typed = text.toLowerCase();
  return commands
    .filter(({ command }) => command.startsWith(typed))
    .map(({ command, description, usage_hint }) => ({
      key: command,
      label: command,
      hint: usage_hint,
      detail: description,
      text: `${command} `,
      caret: command.length + 1,
    }));
}

function mentionSuggestions(text: string, caret: number, names: Mentionable[]): Suggestion[] {
  const match = /(^|\s)@([^\s@]*)$/.exec(text.slice(0, caret));
  if (!match) return [];
  const typed = (match[2] ?? "").toLowerCase();
  const start = caret - typed.length - 1;
  return names
    .filter(({ label }) => label.toLowerCase().split(/[\s-]/).some((part) => part.startsWith(typed)))
    .map(({ label, detail, code }) => ({
      key: code,
      label: `@${label}`,
      hint: "",
      detail,
      text: `${text.slice(0, start)}@${label} ${text.slice(caret)}`,
      caret: start + label.length + 2,
    }));
}

export function suggestions(
  text: string,
  caret: number,
  commands: Command[],
  names: Mentionable[],
): Suggestion[] {
  if (/^\/\S*$/.test(text)) return commandSuggestions(text, commands);
  return mentionSuggestions(text, caret, names).slice(0, 8);
}

/** The command whose arguments are being typed, for its usage hint. */
export function commandInProgress(text: string, commands: Command[]): Command | null {
  const name = /^(\/\S+)\s/.exec(text)?.[1];
  return commands.find(({ command }) => command === name) ?? null;
}

/** Text as Slack stores it: &, < and > escaped, @names as mentions. */
export function encodeMessage(text: string, names: Mentionable[]): string {
  const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const longestFirst = [...names].sort((a, b) => b.label.length - a.label.length);
  return longestFirst.reduce((encoded, { label, code }) => encoded.replaceAll(`@${label}`, code), escaped);
}
