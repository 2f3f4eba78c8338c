/**
 * A page in a real browser as a client of streams of events and of WebSockets, recorded in the history's format as Node's own clients record (`stream` and
 * `subscribe` operations, one a connection). What resumes an EventSource is the browser, not us.
 */
import { readFileSync } from "node:fs";
import type { Browser, CDPSession, Page } from "playwright-core";
import { type Clock, until } from "../base/clock.ts";
import type { CompleteLine, InvokeLine, Json } from "../core/history.ts";
import type { SocketProtocol, StreamProtocol } from "../core/target.ts";

export interface BrowserClients extends AsyncDisposable {
  /** At most five in a page: a browser has six connections to a server, and a stream keeps one. */
  followRun(run: string): Promise<void>;
  followAgent(agent: string): Promise<void>;
  /** Instances that carry an open stream or an open socket, the one with the most first. */
  carriers(of: "stream" | "subscribe"): readonly string[];
  /** Runs whose end has come. */
  ended(): number;
  /** Closes every socket, and waits until each has noted its end. */
  leave(): Promise<void>;
}

type Note = { readonly client: string; readonly connection: number } & (
  | { readonly what: "begin"; readonly f: "stream"; readonly key: string; readonly after: number }
  | { readonly what: "open" | "lost" | "over" }
  | { readonly what: "event"; readonly id?: number; readonly kind?: string; readonly data: string }
);

interface Connection {
  readonly process: string;
  readonly f: "stream" | "subscribe";
  readonly key: string;
  readonly events: Json[];
  ready: number | null;
  openedAt: number | null;
  /** Which of its client's opened connections it is; 0: not open. */
  opened: number;
}

export async function openBrowserClients(options: {
  readonly browser: Browser;
  /** Base address of the balancer; the page is of the same origin. */
  readonly url: string;
  readonly name: string;
  /** Names of the events of a run: a browser hands over only those that it was asked to listen to. */
  readonly kinds: readonly string[];
  readonly streams: StreamProtocol;
  readonly sockets: SocketProtocol;
  readonly clock: Clock;
  readonly write: (line: InvokeLine | CompleteLine) => void;
}): Promise<BrowserClients> {
  const { url, clock, write, streams, sockets, name } = options;
  const open = new Map<string, Connection>();
  /** By client: how often it was connected, and the number of its last message. */
  const opened = new Map<string, number>();
  const last = new Map<string, number>();
  /** By path: the instance of each answer that opened a connection, in their order. */
  const answeredBy = new Map<string, string[]>();
  let ended = 0;

  const begin = (client: string, connection: number, f: Connection["f"], key: string, value: Json): void => {
    const process = `${client}.${connection}`;
    open.set(process, { process, f, key, events: [], ready: null, openedAt: null, opened: 0 });
    write({ type: "invoke", time: clock.now(), process, f, key, value });
  };
  const pathOf = ({ f, key }: Connection): string => (f === "stream" ? streams.request(key, 0).path : sockets.path(key, undefined));
  const byOf = (connection: Connection): string =>
    connection.opened === 0 ? "" : (answeredBy.get(pathOf(connection))?.[connection.opened - 1] ?? "");
  const complete = (connection: Connection, type: "ok" | "info"): void => {
    const { process, f, events, ready, openedAt: connectedAt } = connection;
    const [time, by] = [clock.now(), byOf(connection)];
    const value = f === "stream" ? { events } : { ready, connectedAt, closedAt: time, messages: events };
    open.delete(process);
    const how = type === "ok" ? ({ served: "yes" } as const) : ({ served: "error", error: "the connection was lost" } as const);
    write({ type, time, process, f, ...how, value, ...(by === "" ? {} : { by }) });
  };
  const take = (note: Note): void => {
    const { client } = note;
    if (note.what === "begin") begin(client, note.connection, note.f, note.key, { lastEventId: note.after });
    const connection = open.get(`${client}.${note.connection}`);
    if (note.what === "begin" || connection === undefined) return;
    if (note.what === "open") {
      connection.opened = (opened.get(client) ?? 0) + 1;
      opened.set(client, connection.opened);
    } else if (note.what === "event" && connection.f === "stream") {
      const { kind, attempt } = streams.read({ event: note.kind, data: note.data });
      connection.events.push({ id: note.id ?? null, kind, attempt, at: clock.now() });
    } else if (note.what === "event") {
      const said = sockets.read(note.data);
      if (said === undefined) return;
      last.set(client, said.id);
      if (said.kind === "ready") [connection.ready, connection.openedAt] = [said.id, clock.now()];
      else connection.events.push({ id: said.id, message: said.message, at: clock.now() });
    } else {
      if (note.what === "over" && connection.f === "stream") ended++;
      complete(connection, note.what === "over" ? "ok" : "info");
    }
  };

  const page = await options.browser.newPage();
  await page.exposeFunction("note", take);
  await page.exposeFunction("socketPath", (client: string, agent: string, connection: number): string => {
    const after = last.get(client);
    begin(client, connection, "subscribe", agent, { after: after ?? null });
    return sockets.path(agent, after);
  });
  noteInstances(page, await page.context().newCDPSession(page), options, answeredBy);
  // Whatever the server says there: a page that did not come from this machine itself would not be let to its WebSockets (Local Network Access).
  await page.goto(`${url}/page`);
  await page.evaluate(readFileSync(new URL("./client.js", import.meta.url), "utf8"));

  const call = async (of: string, ...args: readonly Json[]): Promise<void> => {
    // Not waited for: following goes on for as long as the page is there.
    await page.evaluate(`void window.${of}(...${JSON.stringify(args)})`);
  };
  return {
    followRun: (run) => call("followRun", `${name}-${run}`, run, streams.request(run, 0).path, options.kinds),
    followAgent: (agent) => call("followAgent", `${name}-${agent}`, agent),
    carriers(of) {
      const counts = new Map<string, number>();
      for (const connection of open.values()) {
        const by = connection.f === of ? byOf(connection) : "";
        if (by !== "") counts.set(by, (counts.get(by) ?? 0) + 1);
      }
      return [...counts].sort(([, a], [, b]) => b - a).map(([by]) => by);
    },
    ended: () => ended,
    async leave() {
      await page.evaluate("window.leave()");
      const isOpen = (): boolean => [...open.values()].some(({ f }) => f === "subscribe");
      await until("Every socket was expected to close", () => (isOpen() ? undefined : true), { withinMs: 10_000 });
    },
    [Symbol.asyncDispose]: () => page.close(),
  };
}

/** Which instance answers, which a page itself is not told: of event streams by the browser's answers, of sockets by their handshakes. */
function noteInstances(
  page: Page,
  devtools: CDPSession,
  { url, streams, sockets }: { readonly url: string; readonly streams: StreamProtocol; readonly sockets: SocketProtocol },
  answeredBy: Map<string, string[]>,
): void {
  const add = (path: string, by: string): void => void answeredBy.set(path, [...(answeredBy.get(path) ?? []), by]);
  page.on("response", (response) => {
    if (response.request().resourceType() !== "eventsource" || response.status() !== 200) return;
    add(response.url().slice(url.length), response.headers()[streams.instanceHeader.toLowerCase()] ?? "");
  });
  const paths = new Map<string, string>();
  devtools.on("Network.webSocketCreated", ({ requestId, url: address }) => paths.set(requestId, new URL(address).pathname));
  devtools.on("Network.webSocketHandshakeResponseReceived", ({ requestId, response }) => {
    const header = Object.entries(response.headers).find(([key]) => key.toLowerCase() === sockets.instanceHeader.toLowerCase());
    if (response.status === 101) add(paths.get(requestId) ?? "", header?.[1] ?? "");
  });
  void devtools.send("Network.enable");
}
