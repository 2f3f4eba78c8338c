/**
 * WebSocket clients of agents, beside the load, recorded as `subscribe` operations (`streams.jsonl`, on the harness clock): several of each agent that the load
 * publishes to, through the balancer to whichever instance, from the first acknowledged message to the end of the load. Whoever is cut off resumes after the
 * last message that it has; one client of each agent also breaks off by itself, again and again.
 */
import WebSocket from "ws";
import { type Clock, sleep } from "../base/clock.ts";
import type { Journal } from "../base/journal.ts";
import type { SocketClients } from "../core/experiment.ts";
import type { CompleteLine, InvokeLine, Json } from "../core/history.ts";
import type { Random } from "../core/random.ts";
import type { SocketProtocol } from "../core/target.ts";
import type { Followers } from "./followers.ts";

/** Between two connections of a client (ms), and until a connection that is not upgraded is given up (ms). */
const againMs = 100;
const handshakeTimeoutMs = 5000;
/** The restless client breaks off after so many messages. */
const breakOffAfter = [5, 30] as const;

export function startSockets(options: {
  readonly clients: SocketClients;
  readonly protocol: SocketProtocol;
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal<InvokeLine | CompleteLine>;
}): Followers {
  const { clients, protocol, clock, random, journal } = options;
  const stopped = new AbortController();
  const followed = new Set<string>();
  const all: Promise<void>[] = [];

  /** One connection: an operation of a process of its own. Answers the number of the last message that the client knows of; undefined: of none. */
  const connect = async (key: string, process: string, after: number | undefined, breakAfter: number): Promise<number | undefined> => {
    const messages: Json[] = [];
    let [last, by, error] = [after, "", ""];
    let ready: number | null = null;
    let connectedAt: number | null = null;
    let brokeAt: number | undefined;
    journal.write({ type: "invoke", time: clock.now(), process, f: "subscribe", key, value: { after: after ?? null } });
    const socket = new WebSocket(`${options.url}${protocol.path(key, after)}`, { handshakeTimeout: handshakeTimeoutMs, perMessageDeflate: false });
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    const breakOff = (): void => {
      brokeAt ??= clock.now();
      socket.terminate();
    };
    socket.on("upgrade", (response) => {
      by = String(response.headers[protocol.instanceHeader.toLowerCase()] ?? "");
    });
    socket.on("error", ({ message }) => {
      error = message;
    });
    socket.on("message", (data) => {
      const said = protocol.read(data.toString());
      if (said === undefined || brokeAt !== undefined) return;
      if (said.kind === "ready") {
        connectedAt = clock.now();
        ready = said.id;
      } else messages.push({ id: said.id, message: said.message, at: clock.now() });
      last = said.id;
      if (messages.length >= breakAfter) breakOff();
    });
    stopped.signal.addEventListener("abort", breakOff, { once: true });
    await closed;
    stopped.signal.removeEventListener("abort", breakOff);
    const now = clock.now();
    const value = { ready, connectedAt, closedAt: brokeAt ?? now, messages };
    const ended = brokeAt === undefined ? ({ type: "info", served: "error", error: error || "the connection was closed" } as const) : undefined;
    journal.write({ type: "ok", served: "yes", ...ended, time: now, process, f: "subscribe", value, ...(by === "" ? {} : { by }) });
    return last;
  };

  const follow = async (key: string, client: string, from: number | undefined, restless: boolean): Promise<void> => {
    for (let connection = 1, last = from; !stopped.signal.aborted; connection++) {
      const breakAfter = restless ? random.integer(...breakOffAfter) : Number.POSITIVE_INFINITY;
      last = await connect(key, `${client}.${connection}`, last, breakAfter);
      await sleep(againMs, stopped.signal);
    }
  };

  const begin = (key: string): void => {
    followed.add(key);
    for (let n = 1; n <= clients.perAgent; n++) {
      // Every other one wants all there has been, the rest what comes from now on.
      const following = follow(key, `socket${followed.size}-${n}`, n % 2 === 1 ? 0 : undefined, n === 1);
      all.push(following.catch(() => {})); // Told to stop between two connections.
    }
  };

  return {
    followed,
    stored: protocol.stored,
    isComplete: () => true,
    take(lines) {
      for (const line of lines) {
        if (line.type !== "ok" || line.f !== clients.published) continue;
        const agent = (line.value as { readonly agent?: Json } | undefined)?.agent;
        if (typeof agent === "string" && !followed.has(agent)) begin(agent);
      }
    },
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await Promise.all(all);
    },
  };
}
