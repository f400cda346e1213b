// Where a person writes: messages, and slash commands with completion.
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import { api } from "./api";
import {
  commandInProgress, encodeMessage, mentionables, suggestions, type Suggestion,
} from "./completion";
import { Spinner } from "./elements/button";
import { useDirectory, usePage, useStore } from "./page-context";
import { SuggestionList } from "./suggestion-list";
import type { Shortcut } from "./types";
import { Popover } from "./popover";

interface ComposerProps {
  channel: string;
  thread?: string;
  label: string;
}

/** Sends `text` as a command or a message; false when the server refused it. */
function useSend(channel: string, thread: string | undefined) {
  const { user } = usePage();
  const { people, usergroups, app } = useDirectory();
  const store = useStore();
  const names = useMemo(() => mentionables(people, usergroups, app), [people, usergroups, app]);
  const [sending, setSending] = useState(0);
  const send = async (text: string): Promise<boolean> => {
    const isCommand = text.startsWith("/");
    const body = { user, channel, text, ...(thread ? { thread_ts: thread } : {}) };
    const request = isCommand
      ? api.command(body)
      : api.message({ ...body, text: encodeMessage(text, names) });
    setSending((count) => count + 1);
    const what = isCommand ? (text.split(" ")[0] ?? text) : "The message";
    const delivery = await store.deliver(what, request);
    setSending((count) => count - 1);
    return delivery !== null;
  };
  return { send, names, isSending: sending > 0 };
}

export function Composer({ channel, thread, label }: ComposerProps) {
  const { workspace } = usePage();
  // Slack knows no slash commands in threads.
  const commands = thread ? [] : (workspace?.commands ?? []);
  const { send, names, isSending } = useSend(channel, thread);
  const [text, setText] = useState("");
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [isClosed, setClosed] = useState(false);
  const [lastSent, setLastSent] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();

  const offered = isClosed ? [] : suggestions(text, caret, commands, names);
  const current = offered[Math.min(chosen, offered.length - 1)];
  const inProgress = commandInProgress(text, commands);

  useEffect(() => {
    const node = field.current;
    if (!node) return;
    node.style.height = "auto";
    node.style.height = `${node.scrollHeight + 2}px`;
  }, [text]);

  const write = (value: string, at: number) => {
    setText(value);
    setCaret(at);
    setChosen(0);
    setClosed(false);
  };
  const take = (suggestion: Suggestion) => {
    flushSync(() => write(suggestion.text, suggestion.caret));
    field.current?.focus();
    field.current?.setSelectionRange(suggestion.caret, suggestion.caret);
  };
  const submit = async () => {
    const sent = text.trim();
    if (!sent) return;
    write("", 0);
    setLastSent(sent);
    const wasAccepted = await send(sent);
    if (!wasAccepted) setText((now) => now || sent);
  };

  const onSuggestionKey = (event: KeyboardEvent): boolean => {
    if (!current) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setChosen((chosen + step + offered.length) % offered.length);
    else if (event.key === "Escape") setClosed(true);
    else if (event.key === "Tab" && !event.shiftKey) take(current);
    else if (event.key === "Enter" && current.key !== text) take(current);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (onSuggestionKey(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void submit();
    } else if (event.key === "ArrowUp" && text === "" && lastSent) {
      event.preventDefault();
      write(lastSent, lastSent.length);
    }
  };

  return (
    <div className="composer" data-testid={thread ? "thread-composer" : "composer"}>
      {offered.length > 0 && (
        <SuggestionList id={listId} suggestions={offered} current={current} onTake={take} />
      )}
      <div className="composer-box">
        {inProgress && (
          <div className="usage" data-testid="usage">
            <code>
              {inProgress.command} {inProgress.usage_hint}
            </code>
            <span>{inProgress.description}</span>
          </div>
        )}
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={label}
          aria-label={label}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={offered.length > 0}
          aria-controls={listId}
          aria-activedescendant={current ? `${listId}-${current.key}` : undefined}
          data-testid={thread ? "thread-input" : "composer-input"}
          onChange={(event) => write(event.target.value, event.target.selectionStart)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
        />
        <div className="composer-tools">
          {!thread && <GlobalShortcuts shortcuts={workspace?.shortcuts ?? []} />}
          {isSending && (
            <span className="sending" role="status">
              <Spinner /> Waiting for the app
            </span>
          )}
          <span className="keys" aria-hidden="true">
            <kbd>Enter</kbd> to send{!thread && <> · <kbd>/</kbd> for commands</>}
          </span>
          <button
            type="button"
            className="button button-primary send"
            aria-disabled={text.trim() === ""}
            data-testid="send"
            onClick={() => void submit()}
          >
            Send
          </button>
        </div>
      </div>
    </div>
  );
}

function GlobalShortcuts({ shortcuts }: { shortcuts: Shortcut[] }) {
  const { user } = usePage();
  const store = useStore();
  const offered = shortcuts.filter(({ type }) => type === "global");
  if (offered.length === 0) return null;
  return (
    <Popover label="Shortcuts" role="menu" className="link-button shortcuts" trigger="⚡ Shortcuts">
      {(close) =>
        offered.map(({ callback_id, name }) => (
          <button
            key={callback_id}
            type="button"
            role="menuitem"
            className="menu-item"
            data-callback-id={callback_id}
            onClick={() => {
              close();
              void store.deliver(`“${name}”`, api.shortcut({ user, callback_id }));
            }}
          >
            {name}
          </button>
        ))
      }
    </Popover>
  );
}
