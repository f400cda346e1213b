// The live connection to the server; reconnects by itself, sooner at first, then every 5 seconds.
import type { SocketEvent } from "./types";

const RETRY_MS = [200, 500, 1000, 2000, 5000];

export interface LiveConnection {
  close(): void;
}

export function connectLive(
  user: string,
  onEvent: (event: SocketEvent) => void,
  onOpen: () => void,
  onLost: () => void,
): LiveConnection {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const url = `${scheme}://${location.host}/_page/socket?user=${encodeURIComponent(user)}`;
  let socket: WebSocket | null = null;
  let timer: number | undefined;
  let failures = 0;
  let closed = false;

  const open = () => {
    socket = new WebSocket(url);
    socket.onopen = () => {
      failures = 0;
      onOpen();
    };
    socket.onmessage = (frame: MessageEvent<string>) => onEvent(JSON.parse(frame.data) as SocketEvent);
    socket.onclose = () => {
      if (closed) return;
      onLost();
      timer = window.setTimeout(open, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
      failures += 1;
    };
  };
  open();

  return {
    close() {
      closed = true;
      window.clearTimeout(timer);
      socket?.close();
    },
  };
}
