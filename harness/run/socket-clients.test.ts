/** Clients of a real WebSocket server that cuts them off: what they record is what they were sent, and they resume after it. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { until } from "../base/clock.ts";
import { evidence } from "../checkers/fixtures.ts";
import { streamsGapFree, streamsResumable, streamsUnique } from "../checkers/streams.ts";
import { ofSubscriptions } from "../checkers/subscriptions.ts";
import type { CompleteLine, HistoryLine, InvokeLine } from "../core/history.ts";
import { pairOperations } from "../core/pair.ts";
import { seeded } from "../core/random.ts";
import { startSockets } from "./socket-clients.ts";

const protocol = {
  path: (agent: string, after: number | undefined) => `/${agent}${after === undefined ? "" : `?after=${after}`}`,
  instanceHeader: "X-Instance-Id",
  read: (text: string) => JSON.parse(text),
  stored: "",
};

test("each client is sent everything once, over connections that are refused, cut off and broken off", async () => {
  await using parts = new AsyncDisposableStack();
  let dials = 0;
  // Every third dial is answered with an error, and whoever is let in is cut off after forty messages.
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", verifyClient: () => ++dials % 3 !== 0 });
  parts.defer(() => new Promise<void>((resolve) => server.close(() => resolve())));
  server.on("headers", (headers) => headers.push("X-Instance-Id: api-1"));
  server.on("connection", (socket, { url }) => {
    const after = Number(new URL(url ?? "", "http://server").searchParams.get("after") ?? 5);
    socket.send(JSON.stringify({ kind: "ready", id: after }));
    for (let id = after + 1; id <= after + 40; id++) socket.send(JSON.stringify({ kind: "message", id, message: `m${id}` }));
    socket.close(1012);
  });
  await once(server, "listening");

  const lines: HistoryLine[] = [];
  const journal = { write: (line: InvokeLine | CompleteLine) => void lines.push(line), assertWritable() {}, [Symbol.asyncDispose]: async () => {} };
  const { port } = server.address() as AddressInfo;
  const clients = startSockets({
    ...{ clients: { published: "turn", perAgent: 2 }, protocol, url: `http://127.0.0.1:${port}`, journal },
    ...{ clock: { now: () => performance.now() }, random: seeded(1) },
  });
  parts.use(clients);
  const turn = { process: "vu1", f: "turn", time: 0, served: "yes" } as const;
  clients.take([{ ...turn, type: "info", value: { agent: "unsure" } }]);
  for (let i = 0; i < 2; i++) clients.take([{ ...turn, type: "ok", value: { agent: "a" } }]);
  expect([...clients.followed]).toEqual(["a"]);

  const operations = () => pairOperations(lines).operations;
  const restless = () => operations().filter(({ process, error }) => process.startsWith("socket1-1.") && error === "");
  await until("A client was expected to resume", () => (restless().length > 2 && operations().length > 12) || undefined, { withinMs: 20_000 });
  await clients[Symbol.asyncDispose]();

  expect(pairOperations(lines).problems).toEqual([]);
  const refused = operations().filter(({ error }) => error.includes("401"));
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.map(({ outcome, by }) => `${outcome} ${by}`)).not.toContain("ok api-1");
  expect(operations().some(({ outcome, by, error }) => outcome === "info" && by === "api-1" && error !== "")).toBe(true);
  for (const checker of [streamsGapFree, streamsResumable, streamsUnique])
    expect(ofSubscriptions(checker)(evidence({ operations: operations() })).verdict).toBe("holds");
  expect(operations().filter(({ process }) => process === "socket1-2.1")).toMatchObject([{ key: "a", input: { after: null } }]);
}, 30_000);
