// The page's state outside React: what the server said, where the person is, notices.
import { api, RefusedError, RequestError } from "./api";
import { isReply, mergeMessage } from "./messages";
import { FIRST_PERSON, HOME, placeHash, readPlace, readStart, type Place } from "./place";
import { connectLive, type LiveConnection } from "./socket";
import type { Delivery, Message, NoticeLevel, SocketEvent, View, WorkspaceState } from "./types";

export interface Notice {
  id: number;
  text: string;
  level: NoticeLevel;
}

export interface PageState {
  workspace: WorkspaceState | null;
  user: string;
  channel: string;
  thread: string | null;
  /** A message to scroll to and mark, after a click on a link to it. */
  target: string | null;
  unread: ReadonlySet<string>;
  dismissed: ReadonlySet<string>;
  notices: readonly Notice[];
  live: boolean;
  loadError: string | null;
}

const EMPTY: PageState = {
  workspace: null,
  user: "",
  channel: "",
  thread: null,
  target: null,
  unread: new Set(),
  dismissed: new Set(),
  notices: [],
  live: false,
  loadError: null,
};

const RELOAD_RETRY_MS = 2000;
const SOCKET_NOTICE_MS = 150;

export class Store {
  private state: PageState = EMPTY;
  private readonly listeners = new Set<() => void>();
  private connection: LiveConnection | null = null;
  private noticeCount = 0;
  private lastErrorAt = -Infinity;
  private loadCount = 0;
  /** What the socket said while a state is being fetched, which may be older than that. */
  private meanwhile: SocketEvent[] | null = null;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): PageState => this.state;

  private set(change: Partial<PageState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  private setWorkspace(change: Partial<WorkspaceState>): void {
    if (this.state.workspace) this.set({ workspace: { ...this.state.workspace, ...change } });
  }

  start(): void {
    const { place, target } = readStart(new URL(location.href));
    this.set({ target });
    void this.load(place);
    window.addEventListener("hashchange", () => this.follow(readPlace(location.hash)));
  }

  /** Fetches the state for `wanted`, or afresh for wherever the person is by then. */
  private async load(wanted: Place | null): Promise<void> {
    const load = (this.loadCount += 1);
    this.meanwhile = [];
    let workspace: WorkspaceState;
    try {
      workspace = await this.fetchState(wanted ? wanted.user : this.state.user);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (load !== this.loadCount) return;
      this.set({ loadError: error.message });
      window.setTimeout(() => void this.load(wanted), RELOAD_RETRY_MS);
      return;
    }
    if (load !== this.loadCount) return;
    const isOtherUser = this.arrive(workspace, wanted ?? this.place());
    const missed = this.meanwhile;
    this.meanwhile = null;
    if (isOtherUser) this.connect(this.state.user);
    else missed.forEach((event) => this.receive(event));
  }

  /** Shows `workspace` at `place`, as far as that exists; true when the person is another. */
  private arrive(workspace: WorkspaceState, place: Place): boolean {
    const isPerson = workspace.people.some(({ id }) => id === place.user);
    const user = isPerson ? (place.user ?? "") : FIRST_PERSON;
    const isChannel = place.channel === HOME || workspace.channels.some(({ id }) => id === place.channel);
    const channel = isChannel ? (place.channel ?? "") : (workspace.channels[0]?.id ?? "");
    const isOtherUser = user !== this.state.user;
    this.set({ workspace, user, channel, thread: place.thread, loadError: null });
    if (isOtherUser) this.set({ unread: new Set(), dismissed: new Set() });
    this.writeHash();
    return isOtherUser;
  }

  /** The state as `user` sees it; whoever does not exist becomes the first person. */
  private async fetchState(user: string | null): Promise<WorkspaceState> {
    try {
      return await api.state(user ?? FIRST_PERSON);
    } catch (error) {
      if (!(error instanceof RefusedError) || user === null || user === FIRST_PERSON) throw error;
      return api.state(FIRST_PERSON);
    }
  }

  private connect(user: string): void {
    this.connection?.close();
    this.connection = connectLive(
      user,
      (event) => {
        if (event.type !== "reset" && event.type !== "notice") this.meanwhile?.push(event);
        this.receive(event);
      },
      () => {
        this.set({ live: true });
        // Something may have happened between the last state and this connection.
        this.reload();
      },
      () => this.set({ live: false }),
    );
  }

  reload(): void {
    void this.load(null);
  }

  private place(): Place {
    const { user, channel, thread } = this.state;
    return { user, channel, thread };
  }

  private writeHash(): void {
    const hash = placeHash(this.place());
    if (location.hash !== hash) history.replaceState(null, "", `/${hash}`);
  }

  private follow(place: Place): void {
    if (place.user && place.user !== this.state.user) {
      void this.load(place);
    } else {
      this.goTo(place.channel ?? this.state.channel, place.thread);
    }
  }

  private receive(event: SocketEvent): void {
    if (event.type === "message") this.receiveMessage(event.message);
    else if (event.type === "view") this.receiveView(event.view);
    else if (event.type === "notice") this.notify(event.text, event.level);
    else if (event.type === "reset") this.reload();
    else if (this.state.workspace) {
      const { faults } = this.state.workspace;
      this.setWorkspace({ faults: { ...faults, connected: event.connected } });
    }
  }

  private receiveView(view: View | null): void {
    this.setWorkspace({ view });
    // A published home is announced by the same event, without its content.
    if (this.state.channel === HOME) this.reload();
  }

  private receiveMessage(message: Message): void {
    const { workspace, channel, user, unread } = this.state;
    if (!workspace) return;
    if (!workspace.channels.some(({ id }) => id === message.channel)) {
      this.reload();
      return;
    }
    const before = workspace.messages[message.channel] ?? [];
    const isNew = !message.deleted && !before.some(({ ts }) => ts === message.ts);
    this.setWorkspace({
      messages: { ...workspace.messages, [message.channel]: mergeMessage(before, message) },
    });
    const isNews = isNew && message.user !== user && !isReply(message);
    if (isNews && message.channel !== channel) this.set({ unread: new Set(unread).add(message.channel) });
  }

  goTo(channel: string, thread: string | null = null, target: string | null = null): void {
    const unread = new Set(this.state.unread);
    unread.delete(channel);
    this.set({ channel, thread, target, unread });
    this.writeHash();
  }

  openHome(): void {
    this.goTo(HOME);
    void this.deliver("Opening the home", api.home(this.state.user));
  }

  become(user: string): void {
    void this.load({ ...this.place(), user });
  }

  openThread = (thread: string | null): void => {
    this.goTo(this.state.channel, thread);
  };

  dismissMessage(ts: string): void {
    this.set({ dismissed: new Set(this.state.dismissed).add(ts) });
  }

  notify(text: string, level: NoticeLevel): void {
    if (level === "error") this.lastErrorAt = performance.now();
    if (this.state.notices.some((notice) => notice.text === text)) return;
    this.noticeCount += 1;
    this.set({ notices: [...this.state.notices, { id: this.noticeCount, text, level }] });
  }

  dismissNotice(id: number): void {
    this.set({ notices: this.state.notices.filter((notice) => notice.id !== id) });
  }

  /**
   * Waits for the server's answer and says what went wrong, unless the server has said so itself
   * through the socket. Null when the request was refused.
   */
  async deliver(what: string, request: Promise<Delivery>): Promise<Delivery | null> {
    const startedAt = performance.now();
    try {
      const delivery = await request;
      if (!this.state.live) this.reload();
      if (delivery.error) {
        await new Promise((resolve) => setTimeout(resolve, SOCKET_NOTICE_MS));
        if (this.lastErrorAt < startedAt) this.notify(`${what} failed: ${delivery.error}`, "error");
      }
      return delivery;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.notify(`${what} failed: ${error.message}`, "error");
      return null;
    }
  }
}
