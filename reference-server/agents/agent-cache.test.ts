import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEffects } from "../effects/effects.ts";
import { openLocks } from "../locks/open-locks.ts";
import { type Database, openDatabase } from "../store/postgres.ts";
import { openRedis, type RedisLink, subscribe } from "../store/redis.ts";
import { Unavailable } from "../store/transient.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { openWay } from "../testing/way.ts";
import { type AgentCache, openAgentCache } from "./agent-cache.ts";
import { changeAgent } from "./change.ts";
import { agentChangedChannel } from "./events.ts";

const ttlMs = 1500;
const never = new AbortController().signal;

/** One instance's cache, and its way to change agents. */
interface Instance {
  readonly cache: AgentCache;
  write(id: string): Promise<number>;
  version(id: string): Promise<number | undefined>;
}

describe.skipIf(noServices)("agents read cache-first (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let parts: AsyncDisposableStack;
  beforeAll(async () => {
    services = await startServices();
    parts = new AsyncDisposableStack();
  });
  afterAll(async () => {
    await parts?.disposeAsync();
    await services?.[Symbol.asyncDispose]();
  });

  const instance = async (options: { listens?: boolean; redis?: RedisLink; db?: Database } = {}): Promise<Instance> => {
    const { redis = services.redis, db = services.db } = options;
    const cache = openAgentCache(db, redis, ttlMs);
    if (options.listens) {
      const ready = Promise.withResolvers<void>();
      parts.use(
        subscribe(services.redisUrl, "listen", [agentChangedChannel], quiet, (_channel, id) => {
          cache.notify(id);
          ready.resolve();
        }),
      );
      await ready.promise;
    }
    const locks = openLocks(testConfig(services, "api"), db, redis);
    const context = { db, locks, effects: openEffects(undefined), lockWaitMs: 10_000, stop: never, beginChange: cache.beginChange };
    return {
      cache,
      async write(id) {
        const result = await changeAgent(context, id, () => ({ kind: "message", data: {} }));
        if (result.outcome !== "done") throw new Error(`Expected a change and found ${result.outcome}.`);
        return result.agent.version;
      },
      version: async (id) => (await cache.read(id)).agent?.version,
    };
  };

  it("HA-10: an instance that cached an agent hears that another changed it", async () => {
    const [a, b] = await Promise.all([instance({ listens: true }), instance({ listens: true })]);
    const id = randomUUID();
    for (let version = 1; version <= 5; version++) {
      expect(await a.write(id)).toBe(version);
      expect(await a.version(id)).toBe(version);
      await eventually(
        () => b.version(id),
        (read) => read === version,
      );
    }
  });

  it("HS-13, HA-20: an instance that hears nothing is behind for the time to live and no longer", async () => {
    const [a, deaf] = await Promise.all([instance(), instance()]);
    const id = randomUUID();
    await a.write(id);
    expect(await deaf.version(id)).toBe(1);
    await a.write(id);
    const acknowledgedMs = performance.now();
    // Asked until it is seen: each answer that is still old was invoked within the bound.
    for (;;) {
      const invokedMs = performance.now();
      if ((await deaf.version(id)) === 2) break;
      expect(invokedMs - acknowledgedMs).toBeLessThan(ttlMs);
    }
  });

  it("HS-13: a writer cut off from Redis cannot tell anybody, and nobody is behind for longer than the time to live", async () => {
    const [reader, cut] = await Promise.all([
      instance({ listens: true }),
      instance({ redis: parts.use(openRedis("redis://127.0.0.1:9", "nowhere", quiet)) }),
    ]);
    const id = randomUUID();
    await reader.write(id);
    expect(await reader.version(id)).toBe(1);
    await cut.write(id);
    const acknowledgedMs = performance.now();
    for (;;) {
      const invokedMs = performance.now();
      if ((await reader.version(id)) === 2) break;
      expect(invokedMs - acknowledgedMs).toBeLessThan(ttlMs);
    }
    expect(await cut.version(id)).toBe(2);
  });

  it("HA-10: a load that was overtaken by a change is answered but not kept", async () => {
    const readIt = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow: Database = {
      ...services.db,
      async query(sql, values, untilMs) {
        const rows = await services.db.query(sql, values, untilMs);
        readIt.resolve();
        await goOn.promise;
        return rows as never;
      },
    };
    const writer = await instance();
    const id = randomUUID();
    await writer.write(id);
    await services.redis.client.flushdb();
    const reader = await instance({ db: slow, redis: parts.use(openRedis("redis://127.0.0.1:9", "nowhere", quiet)) });
    const old = reader.version(id);
    await readIt.promise;
    await writer.write(id);
    reader.cache.notify(id);
    const fresh = reader.version(id);
    goOn.resolve();
    expect([await old, await fresh]).toEqual([1, 2]);
    expect(await reader.version(id)).toBe(2);
  });

  it("AB-18: whatever Redis forgets, answers stay right", async () => {
    const [a, b] = await Promise.all([instance(), instance()]);
    const id = randomUUID();
    await a.write(id);
    await services.redis.client.flushdb();
    expect(await b.version(id)).toBe(1);
    expect(await b.version("nobody")).toBeUndefined();
  });

  it("HA-24: a copy is read without the database, and so answered while that says nothing", async () => {
    await using way = await openWay(services.databaseUrl);
    await using far = openDatabase({ url: way.url, instanceId: "far", poolSize: 2, outageBudgetMs: 500, log: quiet });
    const [writer, reader] = await Promise.all([instance(), instance({ db: far })]);
    const id = randomUUID();
    await writer.write(id);
    expect(await reader.version(id)).toBe(1);
    const before = way.statements();
    way.silence();
    expect((await reader.cache.read(id)).agent?.version).toBe(1);
    expect(way.statements()).toBe(before);
    await expect(reader.version(randomUUID())).rejects.toThrow(Unavailable);
  });

  it("keeps a bounded number of agents in memory", async () => {
    const { cache } = await instance({ redis: parts.use(openRedis("redis://127.0.0.1:9", "nowhere", quiet)) });
    await services.db.query("insert into agents (id, fence) select 'many-' || n, 0 from generate_series(1, 1001) n", []);
    for (let n = 1; n <= 1001; n++) await cache.read(`many-${n}`);
    expect((await cache.read("many-1")).source).toBe("database");
    expect((await cache.read("many-1")).source).toBe("local");
  });
});
