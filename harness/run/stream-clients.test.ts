/** Clients of a real server of event streams, which says nothing more after a while: what they record is how long it was silent. */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { until } from "../base/clock.ts";
import { evidence } from "../checkers/fixtures.ts";
import { streamsAlive } from "../checkers/streams.ts";
import type { CompleteLine, HistoryLine, InvokeLine } from "../core/history.ts";
import { pairOperations } from "../core/pair.ts";
import { seeded } from "../core/random.ts";
import { startStreams } from "./stream-clients.ts";

const protocol = {
  request: (run: string, lastEventId: number) => ({ path: `/${run}`, headers: { "Last-Event-ID": String(lastEventId) } }),
  instanceHeader: "X-Instance-Id",
  read: ({ event }: { readonly event?: string | undefined }) => ({ kind: event ?? "message", attempt: 1, of: "" }),
  stored: "",
};
const event = (id: number, kind: string): string => `id: ${id}\nevent: ${kind}\ndata: {}\n\n`;
const silentMs = 700;

/** Clients of these runs at a server that answers so; they write `lines`. */
async function clientsOf(parts: AsyncDisposableStack, runs: readonly string[], answer: RequestListener) {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  parts.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  await once(server, "listening");
  const lines: HistoryLine[] = [];
  const journal = { write: (line: InvokeLine | CompleteLine) => void lines.push(line), assertWritable() {}, [Symbol.asyncDispose]: async () => {} };
  const clients = startStreams({
    ...{ clients: { ofCreated: "create", everyNth: 1 }, protocol, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, journal },
    ...{ clock: { now: () => performance.now() }, random: seeded(1) },
  });
  parts.use(clients);
  for (const run of runs) clients.take([{ type: "ok", time: 0, process: `vu-${run}`, f: "create", served: "yes", value: { run } }]);
  return { lines, clients };
}

test("a stream that falls silent and is cut off, or is left when the load ends, was silent until then", async () => {
  await using parts = new AsyncDisposableStack();
  const { lines, clients } = await clientsOf(parts, ["whole", "cut", "left"], ({ url }, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream", "X-Instance-Id": "api-1" });
    response.write(event(1, "attempt"));
    if (url === "/whole") response.end(event(2, "end"));
    else if (url === "/cut") setTimeout(() => response.destroy(), silentMs);
  });
  // Of each run the client that follows it from its beginning.
  const first = (run: string) => pairOperations(lines).operations.find(({ key, process }) => key === run && /a\.1$/.test(process));
  const silence = (run: string): number => (first(run)?.output as { readonly silenceMaxMs: number } | undefined)?.silenceMaxMs ?? 0;
  await until("The stream was expected to be cut off", () => first("cut")?.output ?? undefined, { withinMs: 20_000 });
  await clients[Symbol.asyncDispose]();

  expect(pairOperations(lines).problems).toEqual([]);
  expect(first("cut")).toMatchObject({ outcome: "info", by: "api-1" });
  expect(silence("cut")).toBeGreaterThan(silentMs - 50);
  expect(silence("left")).toBeGreaterThan(silentMs - 50);
  expect(first("whole")).toMatchObject({ outcome: "ok", output: { events: [{ kind: "attempt" }, { kind: "end" }] } });
  const judged = (run: string) => streamsAlive({ boundMs: silentMs / 2 })(evidence({ operations: [first(run)].filter((one) => one !== undefined) }));
  expect(["cut", "left"].map((run) => judged(run).verdict)).toEqual(["violated", "violated"]);
}, 30_000);

test("who is refused notes whether he was told when to come again", async () => {
  await using parts = new AsyncDisposableStack();
  const { lines, clients } = await clientsOf(parts, ["later", "vague", "absent"], ({ url }, response) => {
    response.writeHead(url === "/absent" ? 404 : 503, url === "/later" ? { "Retry-After": "1" } : {}).end();
  });
  const answered = (run: string) => pairOperations(lines).operations.find(({ key, error }) => key === run && error.startsWith("status"));
  const all = () => (["later", "vague", "absent"].every(answered) ? true : undefined);
  await until("Each client was expected to be refused", all, { withinMs: 20_000 });
  await clients[Symbol.asyncDispose]();
  expect(answered("later")).toMatchObject({ outcome: "info", served: "shed", error: "status 503" });
  expect(answered("vague")).toMatchObject({ outcome: "info", served: "shed", error: "status 503 without Retry-After" });
  expect(answered("absent")).toMatchObject({ outcome: "info", served: "error", error: "status 404" });
}, 30_000);
