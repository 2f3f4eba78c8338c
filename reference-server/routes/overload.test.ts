import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, get } from "node:http";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startInstance } from "../instance.ts";
import { ask } from "../testing/http.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

const fail = (error: unknown): never => {
  throw error;
};

describe.skipIf(noServices)("an instance that has all it can do (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());

  it.each([
    [1, undefined],
    [2, "close"],
  ])(
    "with %i workers a refusal has the header Connection: %s, so that the next request is led to another worker (AB-24)",
    async (workers, closes) => {
      await using parts = new AsyncDisposableStack();
      const instance = await startInstance(testConfig(services, "api", { requestLimit: 0, workers }), quiet, fail);
      parts.defer(() => instance.stop());
      await instance.serving;
      const agent = new Agent({ keepAlive: true });
      parts.defer(() => agent.destroy());
      const [refused] = await once(get({ port: instance.port, host: "127.0.0.1", path: "/api/v1/agents/nobody", agent }), "response");
      refused.resume();
      expect([refused.statusCode, refused.headers.connection === "close" ? "close" : undefined]).toEqual([503, closes]);
    },
  );

  it("says so with 503 and Retry-After when as many requests are in progress as may be, and serves again (HA-5)", async () => {
    await using parts = new AsyncDisposableStack();
    const instance = await startInstance(testConfig(services, "api", { requestLimit: 1 }), quiet, fail);
    parts.defer(() => instance.stop());
    await instance.serving;
    // A request that waits in Postgres for as long as this test likes: for a key that an open transaction has.
    const key = randomUUID();
    const other = new pg.Client(services.databaseUrl);
    await other.connect();
    parts.defer(() => other.end());
    await other.query("begin");
    await other.query("insert into runs (id, idempotency_key, request_hash, input) values ($1, $1::uuid::text, '', '{}')", [key]);
    const body = JSON.stringify({ input: { steps: 1, step_ms: 0 } });
    const create = (with_: string) =>
      ask(instance.port, "/api/v1/runs", { method: "POST", headers: { "content-type": "application/json", "idempotency-key": with_ }, body });
    const held = create(key).catch(() => undefined);
    await eventually(
      () => services.db.query("select from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into runs%'", []),
      (rows) => rows.length > 0,
    );
    const refused = await create(randomUUID());
    expect([refused.status, refused.headers["retry-after"], refused.headers["content-type"]]).toEqual([
      503,
      "1",
      expect.stringContaining("problem+json"),
    ]);
    expect(JSON.parse(refused.body).detail).toMatch(/as many requests in progress/);
    // It goes on answering about itself.
    expect((await ask(instance.port, "/api/v1/monitoring/live")).status).toBe(200);
    await other.query("rollback");
    await held;
    await eventually(
      () => create(randomUUID()),
      ({ status }) => status === 201,
    );
  }, 60_000);
});
