import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, noServices, quiet, type Services, startServices } from "../testing/services.ts";
import { openRedis } from "./redis.ts";
import { openCache, type VersionedCache } from "./versioned-cache.ts";

interface Value {
  readonly version: number;
  readonly text: string;
}

describe.skipIf(noServices)("versioned cache (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let cache: VersionedCache<Value>;
  let now: number;
  beforeAll(async () => {
    services = await startServices();
    cache = openCache(services.redis, "test:", 60_000);
  });
  afterAll(() => services?.[Symbol.asyncDispose]());

  const value = (version: number, text = ""): Value => ({ version, text });
  const held = async (key: string): Promise<string | null> => services.redis.client.get(`test:${key}`);
  const never = (): never => {
    throw new Error("Expected to find it in Redis.");
  };
  /** Stores and waits until Redis has decided: commands of one connection are answered in order. */
  const store = async (key: string, what: Value, asOf: number | undefined): Promise<string | null> => {
    cache.store(key, what, asOf);
    return held(key);
  };
  const redisNow = async (): Promise<number> =>
    eventually(
      () => cache.now(),
      (time) => time !== undefined,
    ).then(Number);

  it("HA-11: loads what is missing, finds what was loaded, and nothing of what does not exist", async () => {
    const key = randomUUID();
    expect((await cache.read(key, async () => undefined)).value).toBeUndefined();
    expect(await held(key)).toBeNull();
    await eventually(
      () => cache.read(key, async () => value(3, "äöü 3")).then(() => held(key)),
      (stored) => stored !== null,
    );
    const found = await eventually(
      () => cache.read(key, async () => value(99)),
      ({ source }) => source === "redis",
    );
    expect(found.value).toEqual(value(3, "äöü 3"));
    expect(found.freshMs).toBeGreaterThan(0);
    expect(found.freshMs).toBeLessThanOrEqual(60_000);
  });

  it("HA-11: keeps the newer of two values, in whichever order they arrive", async () => {
    const key = randomUUID();
    now = await redisNow();
    await store(key, value(10), now);
    expect(await store(key, value(9), now)).toMatch(/^10 /);
    expect(await store(key, value(11), now)).toMatch(/^11 /);
  });

  it("HS-13: a reader that read, slept for longer than the time to live and then stores, stores nothing", async () => {
    const key = randomUUID();
    now = await redisNow();
    expect(await store(key, value(1), now - 60_001)).toBeNull();
    expect(await store(key, value(1), now - 59_000)).toMatch(/^1 /);
    expect(await services.redis.client.pttl(`test:${key}`)).toBeLessThanOrEqual(1000);
  });

  it("HA-10: a writer that does not know the time removes what others would find", async () => {
    const key = randomUUID();
    await store(key, value(1), await redisNow());
    expect(await store(key, value(2), undefined)).toBeNull();
  });

  it("AB-18: an evicted or flushed value is loaded again", async () => {
    const key = randomUUID();
    await store(key, value(1), await redisNow());
    await services.redis.client.flushdb();
    expect(await cache.read(key, async () => value(2))).toMatchObject({ value: value(2), source: "database" });
  });

  it("loads without Redis, and passes on what the load throws", async () => {
    using nowhere = openRedis("redis://127.0.0.1:9", "nowhere", quiet);
    const alone = openCache<Value>(nowhere, "test:", 1000);
    expect(await alone.read("x", async () => value(1))).toMatchObject({ value: value(1), source: "database" });
    expect(await alone.now()).toBeUndefined();
    alone.store("x", value(1), undefined);
    await expect(alone.read("x", never)).rejects.toThrow("Expected to find it");
  });
});
