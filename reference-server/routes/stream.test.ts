import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { startProcess } from "../testing/process.ts";
import { eventually, insertRuns, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

/** For what happens in milliseconds on an idle machine. */
const inTimeMs = 60_000;
const fail = (error: unknown): never => {
  throw error;
};
const shared = { heartbeatTimeoutMs: 3000 };

/** A way to Redis that can be cut and mended. */
async function openWire(to: URL): Promise<{ readonly url: string; cut(): void; mend(): void; close(): void }> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(to.port), to.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  return {
    url: Object.assign(new URL(to), { hostname: "127.0.0.1", port: String(typeof address === "object" && address ? address.port : 0) }).href,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe.skipIf(noServices)("joining a run (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let wire: Awaited<ReturnType<typeof openWire>>;
  let apis: Instance[];
  beforeAll(async () => {
    services = await startServices();
    wire = await openWire(new URL(services.redisUrl));
    const start = (redisUrl: string) => startInstance(testConfig(services, "api", { ...shared, redisUrl }), quiet, fail);
    apis = await Promise.all([start(services.redisUrl), start(wire.url)]);
    await Promise.all(apis.map(({ serving }) => serving));
  });
  afterAll(async () => {
    await Promise.all((apis ?? []).map((api) => api.stop()));
    wire?.close();
    await services?.[Symbol.asyncDispose]();
  });

  beforeEach(() => wire.mend());
  const startQueue = async (redisUrl: string): Promise<AsyncDisposable> => {
    const queue = await startInstance(testConfig(services, "queue", { ...shared, redisUrl }), quiet, fail);
    await queue.serving;
    return { [Symbol.asyncDispose]: () => queue.stop() };
  };

  interface Event {
    readonly id: number;
    readonly kind: string;
    readonly attempt: number;
  }
  /** What a client of this instance receives to the end of the stream, kept as it comes in `so`. */
  const join = async (api: Instance | undefined, run: string, so: Event[] = []): Promise<Event[]> => {
    const response = await fetch(`http://127.0.0.1:${api?.port}/api/v1/runs/${run}/stream`);
    let unread = "";
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      const blocks = (unread + Buffer.from(chunk).toString()).split("\n\n");
      unread = blocks.pop() ?? "";
      for (const block of blocks) {
        const [, id, kind, data] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(block) ?? [];
        if (id && kind && data) so.push({ id: Number(id), kind, attempt: (JSON.parse(data) as { attempt: number }).attempt });
      }
    }
    return so;
  };
  const expectWhole = (events: readonly Event[]): void => {
    const attempts = events.at(-1)?.attempt ?? 0;
    expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => i + 1));
    expect(events.at(-1)?.kind).toBe("end");
    // Each attempt announces itself before anything else it says, and none comes back after its successor.
    expect(events.filter(({ kind }) => kind === "attempt").map(({ attempt }) => attempt)).toEqual(Array.from({ length: attempts }, (_, i) => i + 1));
    expect(events.map(({ attempt }) => attempt)).toEqual(events.map(({ attempt }) => attempt).sort((a, b) => a - b));
  };

  it("goes on when the handler is killed: the next attempt's events follow on every instance, without a gap (LG-3, LG-8)", async () => {
    await using first = await startProcess(testConfig(services, "queue", shared));
    const [id = ""] = await insertRuns(services.db, 1, { steps: 20, step_ms: 200, tokens: 20 });
    const seen: Event[] = [];
    const joined = [join(apis[0], id, seen), join(apis[1], id)];
    await eventually(
      async () => seen.length,
      (count) => count > 5,
      inTimeMs,
    );
    first.child.kill("SIGKILL");
    await first.exited;
    await using _second = await startQueue(services.redisUrl);
    for (const events of await Promise.all(joined)) expectWhole(events);
    expect(seen.at(-1)?.attempt).toBeGreaterThan(1);
  }, 240_000);

  it("goes on, on an instance that has lost Redis, by its look at Postgres (LG-3)", async () => {
    await using _queue = await startQueue(services.redisUrl);
    const [id = ""] = await insertRuns(services.db, 1, { steps: 12, step_ms: 200 });
    const seen: Event[] = [];
    const cutOff = join(apis[1], id, seen);
    await eventually(
      async () => seen.length,
      (count) => count > 2,
      inTimeMs,
    );
    wire.cut();
    const before = seen.length;
    await eventually(
      async () => seen.length,
      (count) => count > before + 2,
      inTimeMs,
    );
    expectWhole(await cutOff);
  }, 240_000);

  it("goes on over the attempts of a handler that has lost Redis (LG-3)", async () => {
    await using _queue = await startQueue(wire.url);
    const [id = ""] = await insertRuns(services.db, 1, { steps: 25, step_ms: 200 });
    const seen: Event[] = [];
    const joined = join(apis[1], id, seen);
    await eventually(
      async () => seen.length,
      (count) => count > 2,
      inTimeMs,
    );
    wire.cut();
    // Without heartbeats the handler gives the run up before others may take it; somebody begins it again, here when Redis is back.
    await eventually(
      async () => seen.some(({ kind }) => kind === "requeue"),
      (is) => is,
      inTimeMs,
    );
    wire.mend();
    const events = await joined;
    expectWhole(events);
    expect(events.at(-1)?.attempt).toBeGreaterThan(1);
  }, 240_000);
});
