import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Instance, startInstance } from "../instance.ts";
import { createRun } from "../runs/create.ts";
import { readRun } from "../runs/run.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { announce, subscribe } from "./redis.ts";

const fail = (error: unknown): never => {
  throw error;
};

describe.skipIf(noServices)("connections to Redis (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let instances: Instance[];
  const names = ["api", "queue"].map((role) => `${role}-idle`);
  beforeAll(async () => {
    services = await startServices();
    const start = (role: "api" | "queue") => startInstance(testConfig(services, role, { instanceId: `${role}-idle` }), quiet, fail);
    instances = await Promise.all([start("api"), start("queue")]);
    await Promise.all(instances.map(({ serving }) => serving));
  });
  afterAll(async () => {
    await Promise.all((instances ?? []).map((instance) => instance.stop()));
    await services?.[Symbol.asyncDispose]();
  });
  /** The ids of the instances' connections, by Redis's own account: each has one for commands and one that listens. */
  const connections = async (): Promise<string[]> => {
    const lines = String(await services.redis.client.client("LIST")).split("\n");
    return lines.flatMap((line) => {
      const [, id, name] = /^id=(\d+) .*\bname=(\S+)/.exec(line) ?? [];
      return id && names.includes(name?.replace(/:listen$/, "") ?? "") ? [id] : [];
    });
  };

  it("AB-29: what Redis closed because it was idle is open again, before anybody needs it", async () => {
    const before = await eventually(connections, ({ length }) => length === 4);
    for (const id of before) await services.redis.client.client("KILL", "ID", id);
    const after = await eventually(connections, ({ length }) => length === 4);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    for (const { port } of instances) expect((await fetch(`http://127.0.0.1:${port}/api/v1/monitoring/ready`)).status).toBe(200);
    const { run } = await createRun(services.db, { key: undefined, agentId: undefined, input: { steps: 1, step_ms: 0 } });
    await eventually(
      () => readRun(services.db, run.id),
      (now) => now?.status === "success",
    );
  });

  it("AB-29: one that is used less often than any time-out is asked every second, so it is never idle for as long", async () => {
    const idle = async (): Promise<number[]> => {
      const lines = String(await services.redis.client.client("LIST")).split("\n");
      return lines.filter((line) => names.some((name) => line.includes(`name=${name} `))).map((line) => Number(/ idle=(\d+)/.exec(line)?.[1]));
    };
    for (let i = 0; i < 15; i++) {
      for (const seconds of await idle()) expect(seconds).toBeLessThanOrEqual(3);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(await idle()).toHaveLength(2);
  });

  it("announces each message once, those of one turn of a channel together", async () => {
    const channels = [`a:${randomUUID()}`, `b:${randomUUID()}`];
    const heard: string[] = [];
    let published = 0;
    using listening = subscribe(services.redisUrl, "announced", channels, quiet, (channel, message) => void heard.push(`${channel[0]} ${message}`));
    listening.client.on("message", () => {
      published += 1;
    });
    await eventually(
      async () => heard.length,
      (count) => count === 2,
    );
    heard.length = 0;
    for (const [i, message] of ["1", "2", "1", "3"].entries()) announce(services.redis, channels[i === 3 ? 1 : 0] ?? "", message);
    await eventually(
      async () => heard,
      ({ length }) => length === 3,
    );
    announce(services.redis, channels[0] ?? "", "4");
    await eventually(
      async () => heard.at(-1),
      (last) => last === "a 4",
    );
    expect(heard).toEqual(["a 1", "a 2", "b 3", "a 4"]);
    expect(published).toBe(3);
  });
});
