// Calls to the local workspace's server.
import type { StateValues } from "./block-state";
import type { Container, Delivery, WorkspaceState } from "./types";

/** The server refused a request or could not be reached; `message` is for people. */
export class RequestError extends Error {}

/** The server understood, and says why it will not do it. */
export class RefusedError extends RequestError {}

async function call<T>(path: string, body?: object): Promise<T> {
  const request: RequestInit = body
    ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }
    : {};
  let response: Response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new RequestError("The workspace's server cannot be reached. Is it still running?");
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  const reason =
    typeof answer === "object" && answer !== null && "error" in answer ? String(answer.error) : null;
  if (reason !== null && response.status === 400) throw new RefusedError(reason);
  throw new RequestError(reason ?? `The server answered ${response.status} to ${path}.`);
}

export interface PressRequest {
  user: string;
  container: Container;
  block_id: string;
  action_id: string;
  type: string;
  state?: { values: StateValues };
}

export const api = {
  state: (user: string) => call<WorkspaceState>(`/_page/state?user=${encodeURIComponent(user)}`),
  command: (body: { user: string; channel: string; text: string; thread_ts?: string }) =>
    call<Delivery>("/_page/command", body),
  message: (body: { user: string; channel: string; text: string; thread_ts?: string }) =>
    call<Delivery>("/_page/message", body),
  press: (body: PressRequest) => call<Delivery>("/_page/press", body),
  submit: (body: { user: string; view_id: string; state: { values: StateValues } }) =>
    call<Delivery>("/_page/submit", body),
  close: (body: { user: string; view_id: string }) => call<Delivery>("/_page/close", body),
  home: (user: string) => call<Delivery>("/_page/home", { user }),
  shortcut: (body: { user: string; callback_id: string; channel?: string; message_ts?: string }) =>
    call<Delivery>("/_page/shortcut", body),
};
