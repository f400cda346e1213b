// One message: who, when, what, and what can be done with it.
import { memo, useEffect, useRef } from "react";
import { api } from "./api";
import { Avatar } from "./avatar";
import { MessageBlockHost } from "./block-host";
import { Blocks } from "./blocks";
import { Files } from "./file";
import type { Replies } from "./messages";
import { useDirectory, useStore, useUser } from "./page-context";
import { Popover } from "./popover";
import { clockTime, dateOfTs } from "./slack-date";
import { Mrkdwn } from "./text";
import type { Attachment, Message, Shortcut } from "./types";

interface MessageProps {
  message: Message;
  replies?: Replies | undefined;
  /** Same author as the message above, moments later: no name and picture again. */
  isCompact: boolean;
  isTarget: boolean;
  shortcuts: Shortcut[];
  /** Absent inside a thread. */
  onOpenThread?: ((ts: string) => void) | undefined;
}

export const MessageView = memo(function MessageView(props: MessageProps) {
  const { message, replies, isCompact, isTarget, shortcuts, onOpenThread } = props;
  const { people, app } = useDirectory();
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isTarget) row.current?.scrollIntoView({ block: "center" });
  }, [isTarget]);

  const isApp = message.bot_id !== undefined || message.user === app.bot_user_id;
  const person = people.find(({ id }) => id === message.user);
  const name = message.username ?? (isApp ? app.name : (person?.name ?? message.user ?? "Unknown"));
  const classes = [
    "message",
    isCompact ? "is-compact" : "",
    message.ephemeral ? "is-ephemeral" : "",
    isTarget ? "is-target" : "",
  ];
  return (
    <article
      ref={row}
      className={classes.join(" ")}
      aria-label={`${name}, ${clockTime(dateOfTs(message.ts))}`}
      // A message that is updated each second must not be read aloud each second.
      aria-live={message.edited ? "off" : undefined}
      data-testid="message"
      data-ts={message.ts}
      data-ephemeral={message.ephemeral ? "true" : undefined}
    >
      <div className="message-gutter">
        {isCompact ? <Time ts={message.ts} /> : <Avatar name={name} isApp={isApp} />}
      </div>
      <div className="message-main">
        {!isCompact && (
          <div className="message-head">
            <span className="author">{name}</span>
            {isApp && <span className="badge">APP</span>}
            {!isApp && person?.title && <span className="muted title">{person.title}</span>}
            <Time ts={message.ts} />
            {message.edited && !message.ephemeral && <Edited at={message.edited.ts} />}
          </div>
        )}
        {message.ephemeral && <EphemeralMark ts={message.ts} />}
        <MessageBody message={message} />
        {replies && onOpenThread && (
          <button
            type="button"
            className="replies"
            data-testid="replies"
            onClick={() => onOpenThread(message.ts)}
          >
            {replies.count} {replies.count === 1 ? "reply" : "replies"}
            <span className="muted"> last at {clockTime(dateOfTs(replies.lastTs))}</span>
          </button>
        )}
      </div>
      {!message.ephemeral && (
        <MessageTools message={message} shortcuts={shortcuts} onOpenThread={onOpenThread} />
      )}
    </article>
  );
});

function Time({ ts }: { ts: string }) {
  const date = dateOfTs(ts);
  return (
    <time className="time" dateTime={date.toISOString()} title={date.toLocaleString()}>
      {clockTime(date)}
    </time>
  );
}

function EphemeralMark({ ts }: { ts: string }) {
  const store = useStore();
  return (
    <div className="ephemeral-mark">
      <span>Only visible to you</span>
      <button type="button" className="link-button" data-testid="dismiss" onClick={() => store.dismissMessage(ts)}>
        Dismiss
      </button>
    </div>
  );
}

function Edited({ at }: { at: string }) {
  return (
    <span className="edited" title={dateOfTs(at).toLocaleString()}>
      (edited)
    </span>
  );
}

function MessageBody({ message }: { message: Message }) {
  const blocks = message.blocks;
  return (
    <div className="message-body">
      {blocks && blocks.length > 0 ? (
        <MessageBlockHost channel={message.channel} ts={message.ts} blocks={blocks}>
          <Blocks blocks={blocks} />
        </MessageBlockHost>
      ) : (
        message.text && <Mrkdwn source={message.text} />
      )}
      {message.files && message.files.length > 0 && <Files files={message.files} />}
      {message.attachments?.map((attachment, index) => (
        <AttachmentView key={index} attachment={attachment} message={message} />
      ))}
    </div>
  );
}

function AttachmentView({ attachment, message }: { attachment: Attachment; message: Message }) {
  const { color, blocks, pretext, title, text, fallback } = attachment;
  const bar = color && /^[0-9a-f]{6}$/i.test(color) ? `#${color}` : color;
  return (
    <div className="attachment" style={bar?.startsWith("#") ? { borderColor: bar } : {}}>
      {blocks ? (
        <MessageBlockHost channel={message.channel} ts={message.ts} blocks={blocks}>
          <Blocks blocks={blocks} />
        </MessageBlockHost>
      ) : (
        <>
          {pretext && <Mrkdwn source={pretext} />}
          {title && <strong>{title}</strong>}
          <Mrkdwn source={text ?? fallback ?? ""} />
        </>
      )}
    </div>
  );
}

function MessageTools(props: Pick<MessageProps, "message" | "shortcuts" | "onOpenThread">) {
  const { message, shortcuts, onOpenThread } = props;
  const store = useStore();
  const user = useUser();
  const run = ({ callback_id, name }: Shortcut) =>
    store.deliver(
      `“${name}”`,
      api.shortcut({ user, callback_id, channel: message.channel, message_ts: message.ts }),
    );
  if (!onOpenThread && shortcuts.length === 0) return null;
  return (
    <div className="message-tools">
      {onOpenThread && (
        <button
          type="button"
          className="icon-button"
          title="Reply in a thread"
          aria-label="Reply in a thread"
          data-testid="open-thread"
          onClick={() => onOpenThread(message.ts)}
        >
          ↩
        </button>
      )}
      {shortcuts.length > 0 && (
        <Popover label="Message shortcuts" role="menu" className="icon-button" trigger="⋯">
          {(close) =>
            shortcuts.map((shortcut) => (
              <button
                key={shortcut.callback_id}
                type="button"
                role="menuitem"
                className="menu-item"
                data-callback-id={shortcut.callback_id}
                onClick={() => {
                  close();
                  void run(shortcut);
                }}
              >
                {shortcut.name}
              </button>
            ))
          }
        </Popover>
      )}
    </div>
  );
}
