// Starts the page.
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { StoreProvider } from "./page-context";
import { Store } from "./store";
import "./styles.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

const store = new Store();
store.start();
createRoot(root).render(
  <StoreProvider store={store}>
    <App />
  </StoreProvider>,
);
