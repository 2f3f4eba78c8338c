/** Faults of instances and of what they depend on, each once, on a real stack: its probe sees it bite and sees it healed, in that order, and what it measured is plausible. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../base/clock.ts";
import type { Stack } from "../drivers/stack.ts";
import { repeat } from "../run/repeat.ts";
import type { AtWork } from "./fault.ts";
import { idle, openLiveStack } from "./testing/live-stack.ts";
import { strikeAt } from "./testing/strike.ts";

let stack: Stack;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  stack = await openLiveStack(resources, { name: "faults", topology: { api: 1, queue: 2 }, proxied: ["*->postgres", "*->redis"] });
});
afterAll(() => resources.disposeAsync());

const strike = strikeAt(() => stack);

/** A few runs a second, whatever becomes of them. */
function traffic(): AsyncDisposable {
  const headers = { "Content-Type": "application/json" };
  const create = (): Promise<unknown> =>
    fetch(`${stack.url}/api/v1/runs`, {
      method: "POST",
      headers: { ...headers, "Idempotency-Key": crypto.randomUUID() },
      body: JSON.stringify({ input: { steps: 1, step_ms: 10 } }),
      signal: AbortSignal.timeout(1000),
    });
  return repeat(50, async () => void create().catch(() => {}));
}

describe.each(["redis", "postgres"])("on an edge to %s", (dependency) => {
  const edge = `queue-1->${dependency}`;

  test("partition", async () => expect((await strike("partition", edge)).bite).toContain("no answer came"));

  test("latency", async () => {
    const { numbers } = await strike("latency", edge, { latencyMs: 60, jitterMs: 10 });
    expect(numbers.roundTripMs).toBeGreaterThan(100);
  });

  test("latency in one direction", async () => {
    const { numbers } = await strike("latency", edge, { latencyMs: 60, stream: "downstream" });
    expect(numbers.roundTripMs).toBeGreaterThan(55);
  });

  test("bandwidth", async () => {
    const { numbers } = await strike("bandwidth", edge, { kilobytesPerSecond: 100 });
    expect(numbers).toMatchObject({ payloadBytes: 25_000 });
    expect(numbers.roundTripMs).toBeGreaterThan(450);
  });

  // Before any instance is kept out for its settings, which it says in plain words.
  test("a look at logs for their shape", async () => {
    const { numbers } = await strike("read-the-logs", "logs", { fields: "level time instance role msg", list: "applied" });
    expect(numbers).toMatchObject({ oddLines: 0 });
    expect(numbers.listed).toBeGreaterThan(5);
    expect(numbers.listedOnce).toBe(numbers.listed);
  });

  test.each(["upstream", "downstream"])("a black hole %s", async (stream) => {
    const { bite } = await strike("one-way-black-hole", edge, { stream });
    expect(bite).toContain(stream === "upstream" ? "does not arrive, and it hears the dependency" : "arrives, and it hears nothing");
  });

  test("reset", async () => expect((await strike("reset", edge)).bite).toContain("was reset"));

  test("slow close", async () => {
    const { numbers } = await strike("slow-close", edge, { delayMs: 300 });
    expect(numbers.closeMs).toBeGreaterThanOrEqual(290);
  });

  test("half-open", async () => expect((await strike("half-open", edge)).bite).toContain("a new one was answered"));

  test("flapping", async () => {
    const { numbers } = await strike("flapping", edge, { downMs: 150, upMs: 100 });
    expect(numbers.flapsAtBite).toBeGreaterThanOrEqual(2);
  });

  test("a pattern strikes every edge", async () => {
    const { bite } = await strike("latency", `*->${dependency}`, { latencyMs: 50 });
    expect(bite.split("; ").map((part) => part.split(":")[0])).toEqual(["api-1", "queue-1", "queue-2"].map((name) => `${name}->${dependency}`));
  });
});

describe("on Postgres", () => {
  test("a backend is killed", async () => {
    await using _traffic = traffic();
    await until("A session was expected", () => sessionsOf("api-1"), { withinMs: 5000 });
    expect((await strike("kill-backend", "api-1")).bite).toMatch(/backend \d+ of api-1 was killed.*terminat/i);
  });

  test("connections are exhausted", async () => {
    const { bite, numbers } = await strike("exhaust-connections", "postgres");
    expect(bite).toContain("one more is refused with 53300");
    expect(numbers.connections).toBeGreaterThan(100);
  });

  test("a table is locked", async () =>
    expect((await strike("hold-lock", "postgres", { table: "runs" })).bite).toContain("nobody else may even read runs"));

  test("rows are locked", async () => {
    const { numbers } = await strike("hold-lock", "postgres", { table: "schema_migrations", where: "true" });
    expect(numbers.rows).toBeGreaterThan(0);
  });

  test("no writes", async () => expect((await strike("read-only", "postgres")).bite).toContain("25006"));

  test("a SQLSTATE is injected, so many times and no more", async () => {
    await using _traffic = traffic();
    const { numbers } = await strike("inject-sqlstate", "postgres", {
      table: "runs",
      write: "insert",
      sqlstate: "40001",
      percent: 50,
      seed: 7,
      count: 3,
    });
    expect(numbers.writesMetAtBite).toBeGreaterThan(0);
    expect(numbers.writesMetAtBite).toBeLessThanOrEqual(3);
  });

  test("writes are slow", async () => {
    await using _traffic = traffic();
    expect((await strike("slow-writes", "postgres", { table: "runs", write: "update", delayMs: 50 })).bite).toContain("held up for 50 ms");
  });

  test("nothing of the hooks is left", async () => {
    const client = await stack.postgres.connect();
    const { rows } = await client.query("select tgname from pg_trigger where tgname like 'runproof%'").finally(() => client.end());
    expect(rows).toEqual([]);
  });
});

describe("on Redis", () => {
  test("one key is evicted", async () => {
    await stack.redis.command("SET", "alone", "1");
    expect((await strike("evict-key", "redis", { key: "alone" })).numbers).toEqual({ evictedAtBite: 1 });
    expect(await stack.redis.command("EXISTS", "alone")).toBe(0);
  });

  test("other keys are evicted", async () => {
    for (let i = 0; i < 20; i++) await stack.redis.command("SET", `key-${i}`, "here before");
    const { numbers } = await strike("evict-redis", "redis");
    expect(numbers.keysLostAtBite).toBeGreaterThan(0);
    expect(await stack.redis.command("KEYS", "runproof-filler:*")).toEqual([]);
  });

  test.each([
    [{}, null],
    [{ file: 1 }, "here before"],
  ])("a restart with %j", async (options, left) => {
    await stack.redis.command("SET", "kept", "here before");
    await strike("restart-redis", "redis", options);
    expect(await stack.redis.command("GET", "kept")).toBe(left);
  });

  test.each([
    [{}, 1000],
    [{ file: 0 }, 0],
  ])("a crash right after an acknowledgement, with %j", async (options, kept) => {
    const { numbers } = await strike("crash-redis", "redis", options);
    expect(numbers).toEqual({ acknowledged: 1000, kept });
    expect(await stack.redis.command("KEYS", "runproof:canary:*")).toEqual([]);
  });

  test("idle connections are closed", async () => {
    const { numbers } = await strike("close-idle-redis", "redis", { seconds: 1 });
    expect(numbers.closedAfterMs).toBeGreaterThan(900);
  });

  test("slow commands", async () => {
    const { numbers } = await strike("slow-redis", "redis", { busyMs: 100, pauseMs: 10 });
    expect(numbers.pingMs).toBeGreaterThanOrEqual(50);
  });
});

describe("on instances", () => {
  test.each([
    ["queue", {}],
    ["api", { markDown: 1 }],
  ])("a rolling restart of %s", async (role, options) => {
    const { bite, numbers } = await strike("rolling-restart", role, options);
    expect(bite).toMatch(role === "queue" ? /queue-1 .*exit 0.*queue-2 .*exit 0/ : /api-1 .*exit 0/);
    expect(numbers.longestExitMs).toBeGreaterThan(0);
  });

  test("a setting of its own", async () => {
    const { bite, numbers } = await strike("drift", "queue-1", { LOCK_LEASE_MS: "9000 CONFIG_GENERATION=1" });
    expect(bite).toContain("started with LOCK_LEASE_MS=9000 CONFIG_GENERATION=1: it was kept out");
    expect(numbers.admitted).toBe(0);
  });

  test("each component lost in turn, and all three pages asked for meanwhile", async () => {
    const asked = { page: "/api/v1/health" };
    const drifted = { ...asked, by: "drift", component: "effects", setting: "EFFECTS_ADDRESS", value: "127.0.0.1:1" };
    const effects = await strike("ask-for-health", "api-1", drifted);
    expect(effects.bite).toContain("started with EFFECTS_ADDRESS=127.0.0.1:1");
    expect(effects.numbers).toMatchObject({ "api-1 effects": 0, "api-1 status": 503, "api-1 ready": 1, "api-1 notLive": 0, "queue-1 effects": 1 });
    const { numbers } = await strike("ask-for-health", "postgres", { ...asked, by: "restart-postgres", mode: "fast", component: "postgres" });
    expect(numbers).toMatchObject({ "api-1 postgres": 0, "api-1 status": 503, "api-1 ready": 0, "api-1 notLive": 0, "api-1 redis": 1 });
  });

  test.each([
    [60_000, "60 s later"],
    [-60_000, "60 s earlier"],
  ])("a wall clock that is off by %i ms", async (aheadMs, told) => {
    const atWork: AtWork = { ...idle, working: () => ["run r1 attempt 1"] };
    expect((await strike("skew-clock", "queue-1", { aheadMs }, atWork)).bite).toMatch(new RegExp(`${told.replace("60", "(59|60|61)")} .*at work`));
  });

  test("stopped half of the time", async () => {
    const { numbers } = await strike("slow-instance", "queue-1", { stoppedPercent: 50 });
    expect(numbers.stoppedPercent).toBeGreaterThan(30);
    expect(numbers.stoppedPercent).toBeLessThan(70);
  });

  test("no processor to be had", async () => {
    await using _traffic = traffic();
    const { numbers } = await strike("hog-processor", "api-1", { processes: 6 });
    expect(numbers.waitedPercent).toBeGreaterThanOrEqual(50);
  });

  test("memory taken", async () => expect((await strike("hog-memory", "memory", { megabytes: 128 })).bite).toMatch(/holds 1\d\d MiB/));

  test("no descriptor left", async () => expect((await strike("exhaust-descriptors", "queue-1")).bite).toContain("was not answered"));
});

describe("looks at instances", () => {
  test("for secrets", async () => {
    const { bite, numbers } = await strike("look-for-secrets", "secrets", {
      ...{ paths: "/metrics /nowhere", keys: "/api/v1/security/keys", keyBody: JSON.stringify({ principal: "admin" }) },
      ...{ keyBy: "ADMIN_API_KEY", keyPaths: "/api/v1/security/me /api/v1/security/audit" },
    });
    expect(bite).toContain("none of 3 secrets stands in any of 18 texts");
    expect(numbers).toMatchObject({ texts: 18, leaks: 0 });
  });

  test("at logs for another shape", async () => {
    const { bite, numbers } = await strike("read-the-logs", "logs", { fields: "level nothing" });
    expect(numbers.oddLines).toBe(numbers.lines);
    expect(bite).toContain("line 1 of api-1");
  });

  test("at the balancer's log", async () => {
    const look = async (): Promise<Readonly<Record<string, number>>> =>
      (await strike("read-the-balancers-log", "api-1", { withinMs: 30_000 })).numbers;
    const statuses = async (): Promise<number[]> => {
      const all: number[] = [];
      for (let i = 0; i < 4; i++) all.push((await fetch(`${stack.url}/api/v1/monitoring/live`)).status);
      return all;
    };
    const instance = stack.instances().find(({ name }) => name === "api-1");
    expect(await statuses()).toEqual([200, 200, 200, 200]);
    const { asked = 0, failed = 0, failedAtMost = 0 } = await look();
    await instance?.kill();
    try {
      // The only one that it has is asked always.
      expect(await statuses()).toEqual([502, 502, 502, 502]);
      expect(await look()).toMatchObject({ asked: asked + 4, failed: failed + 4, failedAtMost: failedAtMost + 4, othersSince: 0 });
    } finally {
      await instance?.start();
    }
  });

  test("at a table", async () => {
    const { numbers } = await strike("count-rows", "postgres", { from: "schema_migrations where name like '0%'" });
    expect(numbers.rows).toBeGreaterThan(5);
  });

  test("along requests", async () => {
    const options = {
      front: "api",
      setting: "OTEL_EXPORTER_OTLP_ENDPOINT",
      path: "/api/v1/runs",
      body: JSON.stringify({ input: { steps: 1, step_ms: 10 } }),
    };
    const { bite, numbers } = await strike("follow-requests", "traces", options);
    expect({ bite, ...numbers }).toMatchObject({ bite: "20 of 20 traces have spans of api and queue", sent: 20, whole: 20, api: 20, queue: 20 });
  });
});

test("requests that are broken off", async () => {
  const { bite, numbers } = await strike("break-off", "api", {
    method: "PUT",
    path: "/api/v1/agents/quiet",
    body: "{}",
    requests: 300,
    patienceMs: 0,
  });
  expect(bite).toBe("300 requests to each of 1 instances were broken off");
  expect(numbers).toEqual({ "api-1 brokenOff": 300 });
  expect((await fetch(`${stack.url}/api/v1/agents/quiet`)).status).toBe(200);
});

async function sessionsOf(instance: string): Promise<number | undefined> {
  const client = await stack.postgres.connect();
  const { rows } = await client
    .query("select count(*)::int as count from pg_stat_activity where application_name = $1", [instance])
    .finally(() => client.end());
  return rows[0].count || undefined;
}
