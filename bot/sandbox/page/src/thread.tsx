// The thread pane at the right.
import { useMemo } from "react";
import { Composer } from "./composer";
import { MessageList } from "./message-list";
import { inThread } from "./messages";
import { useStore } from "./page-context";
import type { Channel, Message } from "./types";

export function ThreadPane(props: { channel: Channel; messages: Message[]; root: string }) {
  const { channel, messages, root } = props;
  const store = useStore();
  const shown = useMemo(() => inThread(messages, root), [messages, root]);
  return (
    <aside className="thread" aria-label="Thread" data-testid="thread" data-thread={root}>
      <header className="pane-head">
        <h2>Thread</h2>
        <p>#{channel.name}</p>
        <button
          type="button"
          className="icon-button"
          aria-label="Close thread"
          data-testid="close-thread"
          onClick={() => store.openThread(null)}
        >
          ✕
        </button>
      </header>
      <MessageList key={`list-${root}`} label="Thread messages" messages={shown} testId="thread-messages" />
      <Composer key={`composer-${root}`} channel={channel.id} thread={root} label="Reply" />
    </aside>
  );
}
