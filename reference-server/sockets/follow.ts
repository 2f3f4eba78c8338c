/** Sends an agent's events to one client: every one, once, in order, from any number on, until the client is gone or the instance ends. */
import type { WebSocket } from "ws";
import { type AgentEvent, type AgentFeed, latest } from "../agents/feed.ts";
import { settledWithin } from "../clock.ts";

/** A client that takes nothing for this long is dropped; it can resume (ms). */
const stalledMs = 30_000;
/** How long to wait without a change before asking all the same (ms). */
const idleMs = 30_000;

/** Sends, and waits until the client has taken it: what is unsent never piles up here. Throws when the client is gone. */
export async function send(socket: WebSocket, message: object): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.send(JSON.stringify(message), (error) => (error ? reject(error) : resolve()));
  if (!(await settledWithin(promise, stalledMs))) {
    socket.terminate();
    throw new Error(`The client took nothing for ${stalledMs} ms.`);
  }
  await promise;
}

interface Follower {
  readonly feed: AgentFeed;
  readonly agentId: string;
  /** The last event the client has; undefined: it wants what comes from now on. */
  readonly after: number | undefined;
  /** Fires when the client is gone or the instance drains. */
  readonly over: AbortSignal;
}

/** Resolves when it is over. Throws when the client or the database is gone. */
export async function follow(socket: WebSocket, { feed, agentId, after, over }: Follower): Promise<void> {
  // Watched before the first read, so nothing is missed between reading and waiting.
  using watcher = feed.watch(agentId);
  const start = await feed.read(agentId, after ?? latest);
  if (!start) throw new Error("The agent is gone.");
  let last = after ?? start.version;
  let events: readonly AgentEvent[] = start.events;
  await send(socket, { type: "ready", seq: last });
  while (!over.aborted) {
    for (const event of events) {
      await send(socket, { type: "event", ...event });
      last = event.seq;
      if (over.aborted) return;
    }
    if (events.length === 0) {
      watcher.seenSeq = last;
      await watcher.changed(idleMs, over);
      if (over.aborted) return;
    }
    events = (await feed.read(agentId, last))?.events ?? [];
  }
}
