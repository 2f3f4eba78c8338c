import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "./instance.ts";
import { watchConsumption } from "./runs/consumption.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "./testing/services.ts";
import { openWay } from "./testing/way.ts";

type Way = Awaited<ReturnType<typeof openWay>>;

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly ms: number;
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of each answer
  readonly body: any;
}

const fail = (error: unknown): never => {
  throw error;
};

async function get({ port }: Instance, path: string): Promise<Answer> {
  const startedMs = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  const body = await response.json();
  return { status: response.status, retryAfter: response.headers.get("retry-after"), ms: performance.now() - startedMs, body };
}

describe.skipIf(noServices)("HA-12 AB-8 what an instance says about itself (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let postgres: Way;
  let redis: Way;
  let queue: Instance;
  let api: Instance;
  const effects = createServer((socket) => socket.on("error", () => {}));
  beforeAll(async () => {
    services = await startServices();
    postgres = await openWay(services.databaseUrl);
    redis = await openWay(services.redisUrl);
    await new Promise<void>((resolve) => effects.listen(0, "127.0.0.1", resolve));
    const address = effects.address();
    const over = { databaseUrl: postgres.url, redisUrl: redis.url, outageBudgetMs: 1000, heartbeatTimeoutMs: 10_000 };
    const effectsAt = { host: "127.0.0.1", port: typeof address === "object" && address ? address.port : 0 };
    queue = await startInstance(testConfig(services, "queue", { ...over, effects: effectsAt }), quiet, fail);
    api = await startInstance(testConfig(services, "api", over), quiet, fail);
    for (const instance of [queue, api]) await becomes(instance, "/api/v1/health", 200);
  });
  afterAll(async () => {
    await Promise.all([queue?.stop(), api?.stop()]);
    effects.close();
    await postgres?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
    await services?.[Symbol.asyncDispose]();
  });
  const becomes = (instance: Instance, path: string, expected: number) =>
    eventually(
      () => get(instance, path),
      ({ status }) => status === expected,
      15_000,
    );
  const states = ({ body }: Answer): Record<string, string> =>
    Object.fromEntries(Object.entries(body.components as Record<string, { status: string }>).map(([name, { status }]) => [name, status]));

  it("names every component of its role, and the settings it shares", async () => {
    const health = await becomes(queue, "/api/v1/health", 200);
    expect(states(health)).toEqual({ postgres: "up", redis: "up", effects: "up", consumer: "up" });
    expect(states(await get(api, "/api/v1/health"))).toEqual({ postgres: "up", redis: "up" });
    expect(health.body.configuration).toEqual({ fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/), generation: 1 });
    expect((await get(api, "/api/v1/health")).body.configuration).toEqual(health.body.configuration);
  });

  it("without Redis: that component is down, and it stays ready and alive", async () => {
    await redis.cut();
    const health = await becomes(queue, "/api/v1/health", 503);
    expect(states(health)).toMatchObject({ postgres: "up", redis: "down", effects: "up", consumer: "up" });
    expect((await get(api, "/api/v1/monitoring/ready")).status).toBe(200);
    expect((await get(api, "/api/v1/monitoring/live")).status).toBe(200);
    await redis.mend();
    await becomes(queue, "/api/v1/health", 200);
  });

  it("LG-11: without Postgres it is not ready but alive, refuses at once with Retry-After, and is ready again without a restart", async () => {
    await postgres.cut();
    const health = await becomes(api, "/api/v1/health", 503);
    expect(states(health)).toEqual({ postgres: "down", redis: "up" });
    expect(await becomes(api, "/api/v1/monitoring/ready", 503)).toMatchObject({ body: { ready: false, reason: "no database" } });
    const run = "/api/v1/runs/00000000-0000-0000-0000-000000000000";
    const first = await get(api, run);
    expect(first).toMatchObject({ status: 503, retryAfter: "1" });
    // The breaker is open by now: nobody waits for what is known to be away.
    await eventually(
      () => get(api, run),
      ({ status, ms }) => status === 503 && ms < 500,
    );
    expect((await get(api, "/api/v1/monitoring/live")).status).toBe(200);
    await postgres.mend();
    await becomes(api, "/api/v1/monitoring/ready", 200);
    expect((await get(api, run)).status).toBe(404);
  });

  it("HA-12: answers while Postgres has just fallen silent, before anybody asked for its health", async () => {
    const way = await openWay(services.databaseUrl);
    const early = await startInstance(
      testConfig(services, "api", { databaseUrl: way.url, outageBudgetMs: 1000, heartbeatTimeoutMs: 10_000 }),
      quiet,
      fail,
    );
    await early.serving;
    // Heard of just now, Postgres counts as well.
    expect((await get(early, "/api/v1/monitoring/ready")).status).toBe(200);
    way.silence();
    const run = get(early, "/api/v1/runs/00000000-0000-0000-0000-000000000000");
    const first = await Promise.race([run.then(() => "the run"), get(early, "/api/v1/health").then(() => "the page")]);
    expect(first).toBe("the page");
    way.speak();
    await run;
    await early.stop();
    await way[Symbol.asyncDispose]();
  });

  it("HS-2: started without Postgres it is alive, not ready, and ready soon after Postgres is there", async () => {
    const way = await openWay(services.databaseUrl);
    await way.cut();
    const early = await startInstance(
      testConfig(services, "api", { databaseUrl: way.url, outageBudgetMs: 1000, heartbeatTimeoutMs: 10_000 }),
      quiet,
      fail,
    );
    expect((await get(early, "/api/v1/monitoring/live")).status).toBe(200);
    expect(await get(early, "/api/v1/monitoring/ready")).toMatchObject({ status: 503, body: { reason: "starting" } });
    await way.mend();
    await becomes(early, "/api/v1/monitoring/ready", 200);
    await early.stop();
    await way[Symbol.asyncDispose]();
  });

  it("FR-7: a worker whose loop is silent does not count as consuming", async () => {
    const consumption = watchConsumption(50);
    expect(consumption.isGoing()).toBe(false);
    consumption.looked();
    expect(consumption.isGoing()).toBe(true);
    await eventually(
      async () => consumption.isGoing(),
      (going) => !going,
    );
  });

  it("FR-7: a queue instance that loses all Redis knows goes on consuming", async () => {
    await services.redis.client.flushdb();
    const [id] = await services.db.query(
      "insert into runs (id, idempotency_key, request_hash, input) values (gen_random_uuid(), 'fr-7', '', '{\"steps\":1,\"step_ms\":0}') returning id",
      [],
    );
    await eventually(
      () => services.db.query("select attempt from runs where id = $1", [id?.id]),
      ([run]) => Number(run?.attempt) > 0,
    );
    expect(states(await get(queue, "/api/v1/health"))).toMatchObject({ consumer: "up" });
  });
});
