// The open channel: its topic, its messages, and the composer.
import { useMemo } from "react";
import { Composer } from "./composer";
import { MessageList } from "./message-list";
import { repliesByRoot, topLevel } from "./messages";
import { useStore } from "./page-context";
import { markOf } from "./place";
import type { Channel, Message } from "./types";

const EXAMPLES = ["/rollback planwise", "/reconcile planwise"];

export function ChannelView({ channel, messages }: { channel: Channel; messages: Message[] }) {
  const store = useStore();
  const top = useMemo(() => topLevel(messages), [messages]);
  const replies = useMemo(() => repliesByRoot(messages), [messages]);
  return (
    <main className="channel" data-testid="channel-view" data-channel={channel.id}>
      <header className="pane-head">
        <h2>
          <span className="hash" aria-hidden="true">
            {markOf(channel.id)}
          </span>
          {channel.name}
        </h2>
        {channel.topic && <p>{channel.topic}</p>}
      </header>
      <MessageList
        key={`list-${channel.id}`}
        label={`Messages in ${channel.name}`}
        messages={top}
        replies={replies}
        onOpenThread={store.openThread}
        testId="messages"
      >
        {top.length === 0 && <EmptyChannel channel={channel} />}
      </MessageList>
      <Composer
        key={`composer-${channel.id}`}
        channel={channel.id}
        label={`Message ${markOf(channel.id)}${channel.name}`}
      />
    </main>
  );
}

function EmptyChannel({ channel }: { channel: Channel }) {
  return (
    <div className="empty" data-testid="empty">
      <h3>This is {markOf(channel.id)}{channel.name}</h3>
      <p>Nothing has been said here yet. Try first:</p>
      <p className="examples">
        Type{" "}
        {EXAMPLES.map((example, index) => (
          <span key={example}>
            {index > 0 && " or "}
            <code>{example}</code>
          </span>
        ))}
      </p>
    </div>
  );
}
