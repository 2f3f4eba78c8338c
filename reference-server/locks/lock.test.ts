import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enterAgent, writeAgent } from "../agents/agent.ts";
import { readMessages } from "../agents/events.ts";
import { sleep } from "../clock.ts";
import type { LockStrategy } from "../config.ts";
import type { Database } from "../store/postgres.ts";
import { openRedis, type RedisLink } from "../store/redis.ts";
import { noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { type AgentLock, type AgentLocks, LockUnavailable } from "./lock.ts";
import { openLocks } from "./open-locks.ts";
import { clearAbandonedLocks } from "./postgres-lock.ts";

const signal = new AbortController().signal;
const agent = (): string => `agent-${randomUUID()}`;

describe.skipIf(noServices)("agent locks (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let db: Database;
  let redis: RedisLink;
  beforeAll(async () => {
    services = await startServices();
    ({ db, redis } = services);
  });
  afterAll(() => services?.[Symbol.asyncDispose]());

  const open = (lockStrategy: LockStrategy, through: Database = db, over: RedisLink = redis, lockLeaseMs = 1000): AgentLocks =>
    openLocks(testConfig(services, "api", { lockStrategy, lockLeaseMs }), through, over);
  const acquire = async (locks: AgentLocks, agentId: string, waitMs = 0): Promise<AgentLock> => {
    const lock = await locks.acquire({ agentId, waitMs, signal });
    if (!lock) throw new Error("Expected to get the lock and did not.");
    return lock;
  };
  /** A second instance whose requests stop arriving: as if its process were stopped, but for its own clock. */
  const cutOff = async (strategy: LockStrategy): Promise<{ locks: AgentLocks; cut(): void } & Disposable> => {
    let reachable = true;
    const cutDb: Database = {
      ...db,
      query: (sql, values, untilMs) => (reachable ? db.query(sql, values, untilMs) : Promise.reject(new Error("cut"))),
    };
    const ready = Promise.withResolvers<void>();
    const link = openRedis(services.redisUrl, "cut", quiet, () => ready.resolve());
    await ready.promise;
    return {
      locks: open(strategy, cutDb, link),
      cut() {
        reachable = false;
        link.client.disconnect();
      },
      [Symbol.dispose]: () => link[Symbol.dispose](),
    };
  };

  describe.each(["postgres", "redis", "in-process"] as const)("%s", (strategy) => {
    it("HS-6: lets one holder in at a time, and tokens increase though the record is deleted in between", async () => {
      const locks = open(strategy);
      const id = agent();
      const tokens: number[] = [];
      for (let i = 0; i < 5; i++) {
        await using lock = await acquire(locks, id);
        expect(await locks.acquire({ agentId: id, waitMs: 100, signal })).toBeUndefined();
        tokens.push(lock.token);
      }
      expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
    });

    it("HS-7: leaves no record behind", async () => {
      const locks = open(strategy);
      for (let i = 0; i < 20; i++) {
        await using _lock = await acquire(locks, `gone-${i}`);
      }
      expect(await db.query("select 1 from agent_locks where agent_id like 'gone-%'", [])).toEqual([]);
      expect(await redis.client.keys("agent-lock:gone-*")).toEqual([]);
      expect(await locks.clear("gone-1")).toBe("free");
    });
  });

  describe.each(["postgres", "redis"] as const)("%s, seen from two instances", (strategy) => {
    it("HS-6: is taken by others when the holder is gone, and says so to a holder that comes back", async () => {
      using gone = await cutOff(strategy);
      const id = agent();
      await using old = await acquire(gone.locks, id);
      gone.cut();
      const startedMs = performance.now();
      await using next = await acquire(open(strategy), id, 5000);
      expect(performance.now() - startedMs).toBeGreaterThan(900);
      expect(old.signal.aborted).toBe(true);
      expect(next.token).toBeGreaterThan(old.token);
    });

    it("HS-6: is kept for longer than its lease while it is renewed", async () => {
      const id = agent();
      await using lock = await acquire(open(strategy), id);
      await sleep(1500);
      expect(lock.signal.aborted).toBe(false);
      expect(await open(strategy).acquire({ agentId: id, waitMs: 0, signal })).toBeUndefined();
    });

    it("HS-7: clearing a lock that is held lets nobody in before its holder has been told to leave", async () => {
      const id = agent();
      const locks = open(strategy);
      const held = await acquire(locks, id);
      expect(await open(strategy).clear(id)).toBe("revoked");
      expect(await locks.acquire({ agentId: id, waitMs: 0, signal })).toBeUndefined();
      const left = once(held.signal);
      const next = acquire(locks, id, 5000);
      expect(await Promise.race([left.then(() => "left"), next.then(() => "entered")])).toBe("left");
      await held[Symbol.asyncDispose]();
      await using _next = await next;
      expect(await locks.clear(agent())).toBe("free");
    });
  });

  it("HS-6: the table in the process does not know of another instance's: that is what is wrong with it", async () => {
    const id = agent();
    await using first = await acquire(open("in-process"), id);
    await using second = await acquire(open("in-process"), id);
    expect(second.token).toBeGreaterThan(first.token);
  });

  it("postgres: is had by an acquisition that was sent twice", async () => {
    let lost = false;
    const answerLost: Database = {
      ...db,
      async query(sql, values, untilMs) {
        const rows = await db.query(sql, values, untilMs);
        if (lost || rows.length === 0 || !sql.includes("holder = $2")) return rows as never;
        lost = true;
        return (await db.query(sql, values, untilMs)) as never;
      },
    };
    await using _lock = await acquire(open("postgres", answerLost), agent());
    expect(lost).toBe(true);
  });

  it("redis, AB-18: a flush lets a second holder in while the first one works; the agent's row refuses the first one's write", async () => {
    const id = agent();
    await using first = await acquire(open("redis", db, redis, 9000), id);
    expect(await enterAgent(db, id, first.token)).toBeDefined();
    await redis.client.flushdb();
    await using second = await acquire(open("redis", db, redis, 9000), id);
    // As documented, and unlike a lock: both are inside.
    expect([first.signal.aborted, second.signal.aborted]).toEqual([false, false]);
    expect(second.token).toBeGreaterThan(first.token);
    const said = (text: string) => ({ kind: "message", data: { role: "user", text } }) as const;
    expect(await enterAgent(db, id, second.token)).toMatchObject({ version: 0 });
    expect(await writeAgent(db, id, first.token, said("first"))).toBeUndefined();
    expect(await writeAgent(db, id, second.token, said("second"))).toBe(1);
    expect(await readMessages(db, id, 0)).toEqual([{ seq: 1, role: "user", text: "second" }]);
    // The first one's next renewal finds the key to be another's.
    await once(first.signal);
    expect(second.signal.aborted).toBe(false);
  });

  it("redis: without Redis says that the lock cannot be had, after the time there was to wait", async () => {
    using nowhere = openRedis("redis://127.0.0.1:9", "nowhere", quiet);
    const locks = open("redis", db, nowhere);
    await expect(locks.acquire({ agentId: agent(), waitMs: 100, signal })).rejects.toThrow(LockUnavailable);
    await expect(locks.clear("x")).rejects.toThrow(LockUnavailable);
  });

  it("HS-7: forgets locks that were abandoned long ago", async () => {
    await db.query(
      "insert into agent_locks values ('c1', 1, 'gone', now() - interval '2 minutes'), ('c2', 2, 'late', now() - interval '1 second')",
      [],
    );
    await clearAbandonedLocks(db);
    expect(await db.query("select agent_id from agent_locks where agent_id like 'c_'", [])).toEqual([{ agent_id: "c2" }]);
  });
});

async function once(aborts: AbortSignal): Promise<void> {
  if (aborts.aborted) return;
  await new Promise((resolve) => aborts.addEventListener("abort", resolve, { once: true }));
}
