// The app's home: what it has published for this person.
import { useMemo } from "react";
import { BlockHostProvider } from "./block-host";
import type { StateValues } from "./block-state";
import { Blocks } from "./blocks";
import { useDirectory } from "./page-context";
import type { Container, View } from "./types";
import { useViewValues } from "./view-values";

const NOTHING: StateValues = {};

export function Home({ view }: { view: View | null }) {
  const { app } = useDirectory();
  return (
    <main className="channel" data-testid="home">
      <header className="pane-head">
        <h2>{app.name}</h2>
        <p>Home</p>
      </header>
      <div className="home">
        {view ? (
          <HomeView view={view} />
        ) : (
          <div className="empty">
            <h3>Nothing here yet</h3>
            <p>{app.name} has not published a home for you. It talks in the channels.</p>
          </div>
        )}
      </div>
    </main>
  );
}

function HomeView({ view }: { view: View }) {
  const { entered, enter } = useViewValues(view.id);
  const container = useMemo<Container>(() => ({ type: "view", view_id: view.id }), [view.id]);
  const remembered = view.state?.values ?? NOTHING;
  return (
    <BlockHostProvider {...{ container, entered, remembered, enter }} blocks={view.blocks}>
      <Blocks blocks={view.blocks} />
    </BlockHostProvider>
  );
}
