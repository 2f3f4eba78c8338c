import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noServices, type Services, startServices } from "../testing/services.ts";
import { createRun } from "./create.ts";

describe.skipIf(noServices)("createRun (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  const request = (key?: string, steps = 1) => ({ key, agentId: undefined, input: { steps, step_ms: 0 } });

  it("FR-9: answers a replay with the run of the first request", async () => {
    const key = randomUUID();
    const first = await createRun(services.db, request(key));
    const second = await createRun(services.db, request(key));
    expect(first.outcome).toBe("created");
    expect(second).toEqual({ outcome: "replay", run: first.run });
  });

  it("FR-9: refuses the same key with another body", async () => {
    const key = randomUUID();
    await createRun(services.db, request(key));
    expect((await createRun(services.db, request(key, 2))).outcome).toBe("conflict");
  });

  it("FR-9: creates one run for many requests with one key at the same time", async () => {
    const key = randomUUID();
    const all = await Promise.all(Array.from({ length: 20 }, () => createRun(services.db, request(key))));
    expect(new Set(all.map(({ run }) => run.id)).size).toBe(1);
    expect(all.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
  });

  it("creates a run for each request without a key", async () => {
    const [one, other] = await Promise.all([createRun(services.db, request()), createRun(services.db, request())]);
    expect(one.run.id).not.toBe(other.run.id);
  });
});
