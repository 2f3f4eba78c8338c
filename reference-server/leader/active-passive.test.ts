import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";

describe.skipIf(noServices)("active-passive (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  const start = (instanceId: string, fail: (error: unknown) => void): Promise<Instance> =>
    startInstance(testConfig(services, "api", { instanceId, mode: "active-passive", managementPort: 0, leaderLeaseMs: 8000 }), quiet, fail);
  const ready = async ({ managementPort }: Instance) => {
    const response = await fetch(`http://127.0.0.1:${managementPort}/api/v1/monitoring/ready`);
    return { status: response.status, ...((await response.json()) as { reason: string }) };
  };
  const create = async ({ port }: Instance): Promise<number> => {
    const body = JSON.stringify({ input: { steps: 1, step_ms: 0 } });
    return (await fetch(`http://127.0.0.1:${port}/api/v1/runs`, { method: "POST", body, headers: { "content-type": "application/json" } })).status;
  };
  const active = (instance: Instance) =>
    eventually(
      () => ready(instance),
      ({ status }) => status === 200,
      15_000,
    );

  it("HA-1: only one serves; the passive one has its port closed, is alive, and takes over when the active one stops", async () => {
    const never = (error: unknown): never => {
      throw error;
    };
    const first = await start("api-1", never);
    await active(first);
    const second = await start("api-2", never);
    await eventually(
      () => ready(second),
      ({ reason }) => reason === "passive",
    );
    expect((await fetch(`http://127.0.0.1:${second.managementPort}/api/v1/monitoring/live`)).status).toBe(200);
    expect([first.port > 0, second.port]).toEqual([true, 0]);
    expect(await create(first)).toBe(201);
    await first.stop();
    await active(second);
    expect(await create(second)).toBe(201);
    await second.stop();
  }, 60_000);

  it("HA-18: administrators are told of each failover once they take it, and of nothing else", async () => {
    const told: { readonly key: string | undefined; readonly body: string; readonly taken: boolean }[] = [];
    const receiver = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      // The first time nobody is in.
      const taken = told.length > 0;
      told.push({ key: request.headers["idempotency-key"]?.toString(), body, taken });
      response.writeHead(taken ? 204 : 500).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const failoverWebhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const never = (error: unknown): never => {
      throw error;
    };
    const begin = (instanceId: string) =>
      startInstance(
        testConfig(services, "api", { instanceId, mode: "active-passive", managementPort: 0, leaderLeaseMs: 8000, failoverWebhookUrl }),
        quiet,
        never,
      );
    // The failovers of the other tests were told to nobody.
    await services.db.query("delete from leaders", []);
    await services.db.query("delete from failovers", []);
    // Of this one the active queue instance tells.
    await services.db.query("insert into failovers (token, name, former, successor) values (0, 'active queue', 'queue-1', 'queue-2')", []);
    const first = await begin("api-5");
    await active(first);
    const second = await begin("api-6");
    await first.stop();
    await active(second);
    await eventually(
      async () => told.length,
      (count) => count === 2,
    );
    await eventually(
      () => services.db.query<{ name: string }>("select name from failovers where told_at is null", []),
      (untold) => untold.length === 1 && untold[0]?.name === "active queue",
    );
    await second.stop();
    // Whoever follows itself has taken nothing over.
    const again = await begin("api-6");
    await active(again);
    await again.stop();
    await new Promise((resolve) => receiver.close(resolve));
    expect(told.map(({ key, taken }) => [key, taken])).toEqual([
      [told[0]?.key, false],
      [told[0]?.key, true],
    ]);
    expect(JSON.parse(told[1]?.body ?? "")).toMatchObject({ event: "failover", what: "active api", from: "api-5", to: "api-6" });
  }, 90_000);

  it("HA-13: an active one whose lease was taken ends itself, and what it still sends is refused", async () => {
    const failures: unknown[] = [];
    const first = await start("api-3", (error) => failures.push(error));
    await active(first);
    // As if it had been paused: its lease is over, and it has not noticed.
    const second = await start("api-4", (error) => failures.push(error));
    await services.db.query("update leaders set token = nextval('leader_tokens'), expires_at = '-infinity' where name = 'active api'", []);
    await active(second);
    await eventually(
      async () => failures.length,
      (count) => count > 0,
      10_000,
    );
    expect(String(failures[0])).toMatch(/Leadership of active api .* was lost/);
    expect(await create(first)).toBe(503);
    expect(await create(second)).toBe(201);
    expect(failures).toHaveLength(1);
    await Promise.all([first.stop(), second.stop()]);
  }, 60_000);
});
