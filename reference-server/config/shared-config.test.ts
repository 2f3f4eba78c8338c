import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Config } from "../config.ts";
import { startInstance } from "../instance.ts";
import { noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { ConfigError } from "./parse.ts";
import { admitConfig } from "./shared-config.ts";

describe.skipIf(noServices)("HS-10 shared settings (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  const config = (instanceId: string, over: Partial<Config> = {}) => testConfig(services, "api", { instanceId, ...over });

  it("records those of the first instance, and admits whoever has the same", async () => {
    await Promise.all(Array.from({ length: 8 }, (_, i) => admitConfig(services.db, config(`api-${i}`, { poolSize: i + 1 }))));
    expect(await services.db.query("select generation, settings->>'retryLimit' as retry_limit from shared_config", [])).toEqual([
      { generation: 1, retry_limit: "3" },
    ]);
  });

  it("refuses a drifted instance and names what differs", async () => {
    await expect(admitConfig(services.db, config("api-9", { retryLimit: 5 }))).rejects.toThrow(
      /recorded for all \(generation 1\): retryLimit is 3 there and 5 here\. Correct them, or start with CONFIG_GENERATION=2/,
    );
  });

  it("a drifted instance does not listen", async () => {
    const lines: string[] = [];
    const log = quiet.child({}, {});
    log.info = ((fields: object, text: string) => lines.push(`${text} ${JSON.stringify(fields)}`)) as never;
    const failures: unknown[] = [];
    const drifted = startInstance(config("api-9", { lockLeaseMs: 9000 }), log, (error) => failures.push(error));
    // On a machine so slow that a second passes before the database answers, it hears of it right after.
    const refusal = await drifted.then(
      async (instance) => {
        await instance.stop();
        return failures[0];
      },
      (error) => error,
    );
    expect(refusal).toBeInstanceOf(ConfigError);
    expect(String(refusal)).toContain("lockLeaseMs is 1000 there and 9000 here");
    expect(lines.filter((line) => line.startsWith("ready"))).toEqual([]);
  });

  it("a higher generation changes them for all, and the one before cannot start again", async () => {
    await admitConfig(services.db, config("api-10", { retryLimit: 5, configGeneration: 2 }));
    await admitConfig(services.db, config("api-11", { retryLimit: 5, configGeneration: 2 }));
    await expect(admitConfig(services.db, config("api-0"))).rejects.toThrow("(generation 2): retryLimit is 5 there and 3 here");
  });
});
