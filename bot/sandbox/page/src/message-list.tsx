// Messages in order, with the days between them; stays at the bottom when it is there.
import { Fragment, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { MessageView } from "./message";
import type { Replies } from "./messages";
import { usePage } from "./page-context";
import { dateOfTs, dayHeading } from "./slack-date";
import type { Message } from "./types";

const PINNED_WITHIN_PX = 40;
const COMPACT_WITHIN_S = 180;

interface MessageListProps {
  label: string;
  messages: Message[];
  replies?: Map<string, Replies>;
  onOpenThread?: (ts: string) => void;
  testId: string;
  children?: ReactNode;
}

function isCompact(message: Message, before: Message | undefined): boolean {
  if (!before || message.ephemeral || before.ephemeral) return false;
  if (message.edited || message.blocks?.length || before.blocks?.length) return false;
  const sameAuthor =
    message.user === before.user &&
    message.bot_id === before.bot_id &&
    message.username === before.username;
  return sameAuthor && Number(message.ts) - Number(before.ts) < COMPACT_WITHIN_S;
}

/** Keeps the end in sight while the content grows, unless the person has scrolled up. */
function usePinnedScroll(count: number) {
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const [hasNews, setHasNews] = useState(false);

  const toEnd = () => {
    const node = frame.current;
    if (node) node.scrollTop = node.scrollHeight;
  };
  const onScroll = () => {
    const node = frame.current;
    if (!node) return;
    pinned.current = node.scrollHeight - node.scrollTop - node.clientHeight < PINNED_WITHIN_PX;
    if (pinned.current) setHasNews(false);
  };
  const counted = useRef(count);
  useLayoutEffect(() => {
    if (pinned.current) toEnd();
    else if (count > counted.current) setHasNews(true);
    counted.current = count;
  }, [count]);
  useLayoutEffect(() => {
    if (!content.current || !frame.current) return;
    const observer = new ResizeObserver(() => {
      if (pinned.current) toEnd();
    });
    observer.observe(content.current);
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return { frame, content, onScroll, hasNews, toEnd };
}

export function MessageList(props: MessageListProps) {
  const { label, messages, replies, onOpenThread, testId, children } = props;
  const { dismissed, target, workspace } = usePage();
  const shown = messages.filter(({ ts }) => !dismissed.has(ts));
  const { frame, content, onScroll, hasNews, toEnd } = usePinnedScroll(shown.length);
  const shortcuts = useMemo(
    () => (workspace?.shortcuts ?? []).filter(({ type }) => type === "message"),
    [workspace?.shortcuts],
  );
  const now = new Date();
  const dayOf = (message: Message | undefined) => message && dateOfTs(message.ts).toDateString();
  return (
    <div className="message-list-frame">
      <div
        ref={frame}
        className="message-list"
        role="log"
        aria-live="polite"
        aria-relevant="additions"
        aria-label={label}
        tabIndex={0}
        data-testid={testId}
        onScroll={onScroll}
      >
        <div ref={content} className="message-list-content">
          {shown.map((message, index) => {
            const before = shown[index - 1];
            const isNewDay = dayOf(message) !== dayOf(before);
            return (
              <Fragment key={message.ts}>
                {isNewDay && (
                  <div className="day">
                    <span>{dayHeading(dateOfTs(message.ts), now)}</span>
                  </div>
                )}
                <MessageView
                  message={message}
                  replies={replies?.get(message.ts)}
                  isCompact={!isNewDay && isCompact(message, before)}
                  isTarget={message.ts === target}
                  shortcuts={shortcuts}
                  onOpenThread={onOpenThread}
                />
              </Fragment>
            );
          })}
          {children}
        </div>
      </div>
      {hasNews && (
        <button type="button" className="news" onClick={toEnd}>
          New messages ↓
        </button>
      )}
    </div>
  );
}
