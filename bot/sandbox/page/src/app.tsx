// The page: sidebar, channel, thread, and what lies over them.
import { useEffect } from "react";
import { ChannelView } from "./channel";
import { ConfirmProvider } from "./confirm";
import { Home } from "./home";
import { Modal } from "./modal";
import { Notices } from "./notices";
import { DirectoryProvider, usePage, useStore } from "./page-context";
import { HOME } from "./place";
import { Sidebar } from "./sidebar";
import { ThreadPane } from "./thread";
import type { Message } from "./types";

const NO_MESSAGES: Message[] = [];

export function App() {
  const { workspace, channel: channelId, thread, loadError, user, unread } = usePage();
  const store = useStore();
  const channel = workspace?.channels.find(({ id }) => id === channelId);
  useEffect(() => {
    if (channel) document.title = `${unread.size > 0 ? "• " : ""}#${channel.name} · ${workspace?.team.name}`;
  }, [channel, unread, workspace?.team.name]);

  if (!workspace) {
    return (
      <div className="loading" role="status">
        {loadError ? `${loadError} Trying again…` : "Opening the workspace…"}
      </div>
    );
  }
  const messages = workspace.messages[channelId] ?? NO_MESSAGES;
  const view = workspace.view;
  return (
    <DirectoryProvider workspace={workspace}>
      <ConfirmProvider>
        <div className={`page ${thread ? "has-thread" : ""}`} inert={view !== null}>
          <Sidebar workspace={workspace} />
          {channelId === HOME && <Home view={workspace.home ?? null} />}
          {channel && <ChannelView key={user} channel={channel} messages={messages} />}
          {channel && thread && (
            <ThreadPane key={`thread-${user}`} channel={channel} messages={messages} root={thread} />
          )}
        </div>
        {view && <Modal key={`${user}-${view.root_view_id}`} view={view} />}
        <Notices />
      </ConfirmProvider>
      {loadError && (
        <div className="offline" role="alert">
          {loadError}
          <button type="button" className="button" onClick={() => store.reload()}>
            Try again
          </button>
        </div>
      )}
    </DirectoryProvider>
  );
}
