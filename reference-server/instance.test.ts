import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Config, Role } from "./config.ts";
import { type Instance, startInstance } from "./instance.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "./testing/services.ts";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly by: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of each answer
  readonly body: any;
}

const fail = (error: unknown): never => {
  throw error;
};

describe.skipIf(noServices)("instances (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let api: Instance;
  let queue: Instance;
  beforeAll(async () => {
    services = await startServices();
    api = await startInstance(configOf("api", { instanceId: "api-1" }), quiet, fail);
    queue = await startInstance(configOf("queue"), quiet, fail);
    await eventually(
      () => call("GET", "/api/v1/monitoring/ready"),
      ({ status }) => status === 200,
    );
  });
  afterAll(async () => {
    await Promise.all([api?.stop(), queue?.stop()]);
    await services?.[Symbol.asyncDispose]();
  });

  // Nobody is taken for dead here, however slow the machine is.
  const configOf = (role: Role, over: Partial<Config> = {}): Config => testConfig(services, role, { heartbeatTimeoutMs: 10_000, ...over });
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}, port = api.port): Promise<Answer> => {
    const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...sent, headers: { ...type, ...headers } });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    const by = response.headers.get("x-instance-id") ?? "";
    return { status: response.status, type: response.headers.get("content-type") ?? "", by, body: isJson ? JSON.parse(text) : text };
  };
  const create = async (steps: number, stepMs: number, headers = {}): Promise<string> => {
    const { status, body } = await call("POST", "/api/v1/runs", { input: { steps, step_ms: stepMs } }, headers);
    expect(status).toBe(201);
    return body.id;
  };
  const ids = (stream: string): number[] => [...stream.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));

  it("creates, executes and answers who waits", async () => {
    const id = await create(2, 10);
    expect(await call("GET", `/api/v1/runs/${id}/wait?timeout_ms=5000`)).toMatchObject({
      status: 200,
      by: "api-1",
      body: { id, status: "success", attempt: 1, result: { steps: 2 }, error: null },
    });
  });

  it("answers a wait that is over with the state there is", async () => {
    const id = await create(1, 2000);
    expect((await call("GET", `/api/v1/runs/${id}/wait?timeout_ms=50`)).body.status).toMatch(/pending|running/);
    await call("POST", `/api/v1/runs/${id}/cancel`);
  });

  it("LG-3: wakes who waits for a run, whichever letters its id is written with", async () => {
    const id = (await create(1, 300)).toUpperCase();
    const beganMs = performance.now();
    expect((await call("GET", `/api/v1/runs/${id}/wait`)).body).toMatchObject({ id: id.toLowerCase(), status: "success" });
    // Nobody woken, it would be answered after 30 s.
    expect(performance.now() - beganMs).toBeLessThan(25_000);
  }, 60_000);

  it("decides keys over HTTP: 201, 200, 422", async () => {
    const input = { input: { steps: 1, step_ms: 0 } };
    const headers = { "idempotency-key": "over http" };
    expect((await call("POST", "/api/v1/runs", input, headers)).status).toBe(201);
    expect((await call("POST", "/api/v1/runs", input, headers)).status).toBe(200);
    expect((await call("POST", "/api/v1/runs", { ...input, agent_id: "other" }, headers)).status).toBe(422);
  });

  it("streams every event once, from every id on, and says when there is nothing left", async () => {
    const id = await create(4, 20);
    const live = await call("GET", `/api/v1/runs/${id}/stream`);
    expect(live).toMatchObject({ status: 200, type: "text/event-stream", by: "api-1" });
    expect(ids(live.body)).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...live.body.matchAll(/^event: (\w+)$/gm)].map((match) => match[1])).toEqual(["attempt", "step", "step", "step", "step", "end"]);
    for (let last = 0; last < 6; last++) {
      const rest = await call("GET", `/api/v1/runs/${id}/stream`, undefined, { "last-event-id": String(last) });
      expect(ids(rest.body)).toEqual([1, 2, 3, 4, 5, 6].slice(last));
    }
    expect((await call("GET", `/api/v1/runs/${id}/stream`, undefined, { "last-event-id": "6" })).status).toBe(204);
  });

  it("cancels a run while it works, and refuses to cancel what has ended", async () => {
    const id = await create(50, 50);
    await eventually(
      () => call("GET", `/api/v1/runs/${id}`),
      ({ body }) => body.status === "running",
    );
    expect((await call("POST", `/api/v1/runs/${id}/cancel`)).body).toMatchObject({ id, status: "cancelled" });
    expect((await call("POST", `/api/v1/runs/${id}/cancel`)).status).toBe(200);
    const stream = await call("GET", `/api/v1/runs/${id}/stream`);
    expect(stream.body.match(/^event: end$/gm)).toHaveLength(1);
    const ended = await create(1, 0);
    await call("GET", `/api/v1/runs/${ended}/wait`);
    expect((await call("POST", `/api/v1/runs/${ended}/cancel`)).status).toBe(409);
  });

  it("answers a query with a run of its own", async () => {
    const { status, body } = await call("POST", "/api/v1/query", { query: "What is 2+2?", agent_type: "math" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ agent_type: "math", answer: expect.stringContaining("2+2") });
  });

  it("takes turns", async () => {
    expect(await call("POST", "/api/v1/agents/a1/turns", { message: "hello", think_ms: 0 })).toMatchObject({
      status: 200,
      body: { agent: "a1", version: 1 },
    });
    expect((await call("GET", "/api/v1/agents/a1")).body).toEqual({ id: "a1", version: 1, blocks: {}, state: {} });
    expect((await call("GET", "/api/v1/agents/a1/messages")).body).toEqual({ messages: [{ seq: 1, role: "user", text: "hello" }] });
  });

  it.each([
    ["POST", "/api/v1/runs", { input: { steps: 0, step_ms: 0 } }, 400],
    ["POST", "/api/v1/runs", { input: { steps: "1", step_ms: 0 } }, 400],
    ["POST", "/api/v1/runs", { input: { steps: 1, step_ms: 0 }, more: 1 }, 400],
    ["POST", "/api/v1/runs", "{", 400],
    ["POST", "/api/v1/runs", "null", 400],
    ["POST", "/api/v1/agents/a1/turns", { message: "\u0000", think_ms: 0 }, 400],
    ["POST", "/api/v1/agents/a1/turns", '{"message":"\\ud800","think_ms":0}', 400],
    ["POST", "/api/v1/agents/a%20b/turns", { message: "", think_ms: 0 }, 400],
    ["POST", "/api/v1/query", { query: "\u0000", agent_type: "math" }, 400],
    ["POST", "/api/v1/query", { query: "x".repeat(200_000), agent_type: "math" }, 413],
    ["GET", "/api/v1/runs/none", undefined, 400],
    ["GET", "/api/v1/runs/%ff", undefined, 400],
    ["GET", "/api/v1/runs/00000000-0000-0000-0000-000000000000", undefined, 404],
    ["GET", "/api/v1/runs/00000000-0000-0000-0000-000000000000/stream", undefined, 404],
    ["GET", "/api/v1/runs/00000000-0000-0000-0000-000000000000/wait?timeout_ms=30001", undefined, 400],
    ["GET", "/api/v1/agents/nobody", undefined, 404],
    ["GET", "/nothing", undefined, 404],
    ["DELETE", "/api/v1/runs", undefined, 404],
  ])("%s %s with %j is the client's mistake", async (method, path, body, status) => {
    expect(await call(method, path, body)).toMatchObject({
      status,
      type: expect.stringContaining("application/problem+json"),
      by: "api-1",
      body: { status },
    });
  });

  it("reports its components and its figures", async () => {
    for (const { port } of [api, queue]) {
      expect((await call("GET", "/api/v1/health", undefined, {}, port)).body).toMatchObject({
        status: "up",
        components: { postgres: { status: "up" }, redis: { status: "up" } },
      });
      expect((await call("GET", "/api/v1/monitoring/live", undefined, {}, port)).status).toBe(200);
    }
    const { body } = await call("GET", "/metrics");
    expect(body).toMatch(/http_requests_total\{method="POST",route="\/api\/v1\/runs",status="201"\} \d+/);
    expect(body).toContain("http_request_duration_seconds_bucket");
  });

  it("drains: gives back what is unfinished at once, ends streams, answers waits, and the next instance finishes", async () => {
    const draining = await startInstance(configOf("api"), quiet, fail);
    const first = await startInstance(configOf("queue", { instanceId: "queue-first", drainMs: 200 }), quiet, fail);
    await queue.stop();
    const id = await create(20, 100);
    await eventually(
      () => services.db.query("select handler from runs where id = $1", [id]),
      ([run]) => run?.handler === "queue-first",
    );
    const stream = call("GET", `/api/v1/runs/${id}/stream`, undefined, {}, draining.port);
    const waiting = call("GET", `/api/v1/runs/${id}/wait`, undefined, {}, draining.port);
    const startedMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await Promise.all([first.stop(), draining.stop()]);
    expect(performance.now() - startedMs).toBeLessThan(2000);
    expect((await waiting).body).toMatchObject({ id, status: expect.stringMatching(/running|pending/) });
    expect(ids((await stream).body)[0]).toBe(1);
    await expect(call("GET", "/api/v1/monitoring/live", undefined, {}, draining.port)).rejects.toThrow();
    expect(await services.db.query("select status, attempt, failures from runs where id = $1", [id])).toEqual([
      { status: "pending", attempt: 1, failures: 0 },
    ]);
    queue = await startInstance(configOf("queue"), quiet, fail);
    expect((await call("GET", `/api/v1/runs/${id}/wait`)).body).toMatchObject({ status: "success", attempt: 2 });
    const events = ids((await call("GET", `/api/v1/runs/${id}/stream`)).body);
    expect(events).toEqual(events.map((_, i) => i + 1));
  });

  it("goes on without Redis", async () => {
    const cut = { redisUrl: `redis://127.0.0.1:9${new URL(services.redisUrl).pathname}` };
    const alone = await startInstance(configOf("api", cut), quiet, fail);
    await eventually(
      () => call("GET", "/api/v1/monitoring/ready", undefined, {}, alone.port),
      ({ status }) => status === 200,
    );
    expect((await call("GET", "/api/v1/health", undefined, {}, alone.port)).status).toBe(503);
    const { body } = await call("POST", "/api/v1/query", { query: "q", agent_type: "a" }, {}, alone.port);
    expect(body.duration_ms).toBeLessThan(2500);
    await alone.stop();
  });
});
