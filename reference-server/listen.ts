/** The instance's ports: opening one, and closing it without cutting off anybody who was let in. */
import { once } from "node:events";
import { Server as NetServer } from "node:net";
import { settledWithin } from "./clock.ts";
import type { Server } from "./server.ts";

/** How long an idle kept-alive connection may still bring a last request while draining (ms). */
const lingerMs = 500;

/** Opens the port (0: any that is free). Returns its number. */
export async function listen(app: Server, host: string, port: number): Promise<number> {
  await app.listen({ host, port });
  const address = app.server.address();
  return typeof address === "object" && address ? address.port : port;
}

/** Lets in nobody more, gives `drainMs` to what is in progress, calls `stopping`, and closes the rest a second later. */
export async function closeGently(app: Server, drainMs: number, stopping: () => void): Promise<void> {
  if (app.server.listening) {
    // Only the listener is closed: Node's own close would also cut idle connections, on which a balancer may just be sending a request.
    const connectionsEnded = once(app.server, "close");
    NetServer.prototype.close.call(app.server);
    await settledWithin(connectionsEnded, Math.min(lingerMs, drainMs));
    app.server.closeIdleConnections();
    await settledWithin(connectionsEnded, Math.max(0, drainMs - lingerMs));
    stopping();
    await settledWithin(connectionsEnded, 1000);
    app.server.closeAllConnections();
  }
  stopping();
  await app.close();
}

/** Lets in nobody more and waits, at most `limitMs`, until everybody who was let in has been served and has gone. Cuts off nobody. */
export async function closeWhenUnused(app: Server, limitMs: number): Promise<void> {
  if (!app.server.listening) return;
  const connectionsEnded = once(app.server, "close");
  NetServer.prototype.close.call(app.server);
  await settledWithin(connectionsEnded, limitMs);
}
