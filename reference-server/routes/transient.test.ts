import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { type Document, example, type Operation, operationsOf, pathOf } from "../testing/openapi.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { openWay } from "../testing/way.ts";

const fail = (error: unknown): never => {
  throw error;
};
/** Answered without Postgres, or only over a protocol of their own. */
const exempt = /monitoring|health|openapi|metrics|\/ws$/;

describe.skipIf(noServices)("LG-14 every route sends again what broke on the way (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let way: Awaited<ReturnType<typeof openWay>>;
  let api: Instance;
  let queue: Instance;
  let operations: readonly Operation[];
  beforeAll(async () => {
    services = await startServices();
    way = await openWay(services.databaseUrl);
    const over = { heartbeatTimeoutMs: 10_000, outageBudgetMs: 10_000, lockLeaseMs: 10_000 };
    api = await startInstance(testConfig(services, "api", { ...over, databaseUrl: way.url }), quiet, fail);
    queue = await startInstance(testConfig(services, "queue", over), quiet, fail);
    await eventually(
      () => fetch(at("/api/v1/monitoring/ready")),
      ({ status }) => status === 200,
    );
    operations = operationsOf((await (await fetch(at("/api/v1/openapi.json"))).json()) as Document).filter(({ path }) => !exempt.test(path));
  });
  afterAll(async () => {
    await Promise.all([api?.stop(), queue?.stop()]);
    await way?.[Symbol.asyncDispose]();
    await services?.[Symbol.asyncDispose]();
  });
  const at = (path: string): string => `http://127.0.0.1:${api.port}${path}`;

  const call = async (operation: Operation): Promise<number> => {
    const { method, body } = operation;
    const bodied = body && method !== "GET" ? { body: JSON.stringify(example(body)), headers: { "content-type": "application/json" } } : {};
    const response = await fetch(at(pathOf(operation)), { method, ...bodied, signal: AbortSignal.timeout(20_000) });
    await response.text();
    return response.status;
  };

  it("answers as if nothing had happened, whichever route meets the broken connection", async () => {
    expect(operations.length).toBeGreaterThan(5);
    const met: string[] = [];
    for (const operation of operations) {
      const what = `${operation.method} ${operation.path}`;
      const before = await call(operation);
      expect(before, what).toBeLessThan(500);
      way.breakNext(2);
      const broken = await call(operation);
      if (way.breaksLeft() < 2) met.push(what);
      way.breakNext(0);
      expect(broken, what).toBeLessThan(500);
    }
    // Routes that need Postgres do meet it: otherwise nothing was shown.
    expect(met.length).toBeGreaterThan(operations.length / 2);
  }, 120_000);
});
