/** The WebSocket clients of this instance: counted, pinged, and dropped when they stop answering. */
import type { WebSocket } from "ws";

/** Clients an instance takes at most: the memory they need is bounded. */
export const clientLimit = 5000;

export interface Clients extends Disposable {
  /** Watches over the client until it is gone. */
  add(socket: WebSocket): void;
  count(): number;
}

/**
 * Pings every client each `pingMs`. One that has not answered by the next ping is half-open and dropped: within two intervals. The pings
 * also keep proxies between from taking a silent connection for an idle one.
 */
export function watchClients(pingMs: number): Clients {
  const answered = new Map<WebSocket, boolean>();
  const pingAll = (): void => {
    for (const [socket, alive] of answered) {
      if (!alive) {
        socket.terminate();
        continue;
      }
      answered.set(socket, false);
      socket.ping();
    }
  };
  // After the event loop has read what has arrived: an instance that was stopped finds the answers before it judges.
  const timer = setInterval(() => setImmediate(pingAll), pingMs);
  return {
    add(socket) {
      answered.set(socket, true);
      socket.on("pong", () => answered.set(socket, true));
      socket.on("close", () => answered.delete(socket));
    },
    count: () => answered.size,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
