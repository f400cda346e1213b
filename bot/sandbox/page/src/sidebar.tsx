// Workspace, channels, and who the person at the keyboard is.
import { Avatar } from "./avatar";
import { usePage, useStore } from "./page-context";
import { HOME, markOf } from "./place";
import type { WorkspaceState } from "./types";

export function Sidebar({ workspace }: { workspace: WorkspaceState }) {
  const { live } = usePage();
  return (
    <nav className="sidebar" aria-label="Workspace" data-testid="sidebar">
      <div className="team">
        <h1>{workspace.team.name}</h1>
        <Connection app={workspace.app.name} live={live} connected={workspace.faults.connected} />
      </div>
      <Channels workspace={workspace} />
      <Apps name={workspace.app.name} />
      <People workspace={workspace} />
    </nav>
  );
}

function Connection({ app, live, connected }: { app: string; live: boolean; connected: number }) {
  const [status, text] = !live
    ? ["lost", "Reconnecting to the workspace…"]
    : connected > 0
      ? ["on", `${app} app connected`]
      : ["off", `${app} app not connected`];
  return (
    <div className={`connection is-${status}`} role="status" data-testid="connection" data-status={status}>
      <span className="dot" aria-hidden="true" />
      {text}
    </div>
  );
}

function Channels({ workspace }: { workspace: WorkspaceState }) {
  const { channel, unread } = usePage();
  const store = useStore();
  return (
    <section className="channels" aria-labelledby="channels-title">
      <h2 id="channels-title">Channels</h2>
      <ul>
        {workspace.channels.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              className={`side-item ${unread.has(id) ? "is-unread" : ""}`}
              aria-current={id === channel ? "page" : undefined}
              data-testid="channel"
              data-channel={id}
              onClick={() => store.goTo(id)}
            >
              <span className="hash" aria-hidden="true">
                {markOf(id)}
              </span>
              <span className="side-name">{name}</span>
              {unread.has(id) && <span className="unread" role="img" aria-label="unread messages" />}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Apps({ name }: { name: string }) {
  const { channel } = usePage();
  const store = useStore();
  return (
    <section className="apps" aria-labelledby="apps-title">
      <h2 id="apps-title">Apps</h2>
      <button
        type="button"
        className="side-item"
        aria-current={channel === HOME ? "page" : undefined}
        data-testid="open-home"
        onClick={() => store.openHome()}
      >
        <Avatar name={name} isApp size="tiny" />
        <span className="side-name">{name}</span>
      </button>
    </section>
  );
}

function People({ workspace }: { workspace: WorkspaceState }) {
  const { user } = usePage();
  const store = useStore();
  const me = workspace.people.find(({ id }) => id === user);
  return (
    <section className="people" aria-labelledby="people-title" data-testid="people">
      <h2 id="people-title">Switch person</h2>
      <ul>
        {workspace.people.map(({ id, name, title }) => (
          <li key={id}>
            <button
              type="button"
              className="side-item person"
              aria-pressed={id === user}
              data-testid="person"
              data-user={id}
              onClick={() => store.become(id)}
            >
              <Avatar name={name} size="small" />
              <span className="person-text">
                <span className="side-name">{name}</span>
                <span className="person-title">{title}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className="me" data-testid="me" aria-live="polite">
        You are: <strong>{me?.name}</strong> — {me?.title}
      </p>
    </section>
  );
}
