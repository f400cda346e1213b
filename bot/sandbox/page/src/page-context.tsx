// The store and the workspace's names, for every component below.
import { createContext, useContext, useMemo, useSyncExternalStore, type ReactNode } from "react";
import type { PageState, Store } from "./store";
import type { Channel, Person, Usergroup, WorkspaceState } from "./types";

const StoreContext = createContext<Store | null>(null);

export interface Directory {
  app: WorkspaceState["app"];
  people: Person[];
  channels: Channel[];
  usergroups: Usergroup[];
}

const DirectoryContext = createContext<Directory | null>(null);

export function StoreProvider({ store, children }: { store: Store; children: ReactNode }) {
  return <StoreContext value={store}>{children}</StoreContext>;
}

export function DirectoryProvider(props: { workspace: WorkspaceState; children: ReactNode }) {
  const { app, people, channels, usergroups } = props.workspace;
  const directory = useMemo(
    () => ({ app, people, channels, usergroups }),
    [app, people, channels, usergroups],
  );
  return <DirectoryContext value={directory}>{props.children}</DirectoryContext>;
}

export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error("StoreProvider is missing");
  return store;
}

export function usePage(): PageState {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.snapshot);
}

/** The person's id alone, so that elements do not redraw at every change of the page. */
export function useUser(): string {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => store.snapshot().user);
}

export function useDirectory(): Directory {
  const directory = useContext(DirectoryContext);
  if (!directory) throw new Error("DirectoryProvider is missing");
  return directory;
}
