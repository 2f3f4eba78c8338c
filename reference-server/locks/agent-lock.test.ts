import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enterAgent, readAgent, writeAgent } from "../agents/agent.ts";
import { takeTurn } from "../agents/turn.ts";
import { sleep } from "../clock.ts";
import type { Database } from "../store/postgres.ts";
import { noServices, type Services, startServices } from "../testing/services.ts";
import { acquireAgentLock, clearAbandonedLocks } from "./agent-lock.ts";

const signal = new AbortController().signal;

describe.skipIf(noServices)("agent lock (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let db: Database;
  beforeAll(async () => {
    services = await startServices();
    db = services.db;
  });
  afterAll(() => services?.[Symbol.asyncDispose]());

  const acquire = async (agentId: string, { leaseMs = 1000, waitMs = 0, through = db } = {}) => {
    const lock = await acquireAgentLock(through, { agentId, leaseMs, waitMs, signal });
    if (!lock) throw new Error("Expected to get the lock and did not.");
    return lock;
  };

  it("lets one holder in at a time, and tokens increase though the row is deleted in between", async () => {
    const tokens: number[] = [];
    for (let i = 0; i < 5; i++) {
      await using lock = await acquire("a1");
      expect(await acquireAgentLock(db, { agentId: "a1", leaseMs: 1000, waitMs: 100, signal })).toBeUndefined();
      tokens.push(lock.token);
    }
    expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
    expect(new Set(tokens).size).toBe(5);
    expect(await db.query("select 1 from agent_locks", [])).toEqual([]);
  });

  it("is taken by others when the holder is gone, and says so to a holder that comes back", async () => {
    // The holder's statements stop arriving: it is as if its process were stopped, but for its own clock.
    let reachable = true;
    const cut: Database = {
      ...db,
      once: (sql, values, timeoutMs) => (reachable ? db.once(sql, values, timeoutMs) : Promise.reject(new Error("cut"))),
    };
    await using old = await acquire("a2", { through: cut });
    reachable = false;
    const startedMs = performance.now();
    await using next = await acquire("a2", { waitMs: 2000 });
    expect(performance.now() - startedMs).toBeGreaterThan(900);
    expect(old.signal.aborted).toBe(true);
    expect(next.token).toBeGreaterThan(old.token);
  });

  it("is kept for longer than its lease while it is renewed", async () => {
    await using lock = await acquire("a3");
    await sleep(1500);
    expect(lock.signal.aborted).toBe(false);
    expect(await acquireAgentLock(db, { agentId: "a3", leaseMs: 1000, waitMs: 0, signal })).toBeUndefined();
  });

  it("is had by an acquisition that was sent twice", async () => {
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
    await using _lock = await acquire("a4", { through: answerLost });
    expect(lost).toBe(true);
  });

  it("protects the agent by its row: a stale token is refused after a newer one came to read", async () => {
    await enterAgent(db, "b1", 10);
    expect(await writeAgent(db, "b1", 10, "ten")).toBe(1);
    expect(await enterAgent(db, "b1", 12)).toBe(1);
    expect(await writeAgent(db, "b1", 11, "eleven")).toBeUndefined();
    expect(await enterAgent(db, "b1", 11)).toBeUndefined();
    expect(await writeAgent(db, "b1", 12, "twelve")).toBe(2);
    expect(await readAgent(db, "b1")).toEqual({ id: "b1", version: 2, messages: ["ten", "twelve"] });
  });

  it("accepts a write once, however often it is sent", async () => {
    await enterAgent(db, "b2", 20);
    expect(await Promise.all([1, 2, 3].map(() => writeAgent(db, "b2", 20, "hello")))).toEqual([1, 1, 1]);
    expect(await readAgent(db, "b2")).toMatchObject({ version: 1, messages: ["hello"] });
  });

  it("takes turns one after the other, each with a larger token", async () => {
    const context = { db, effects: undefined, lockLeaseMs: 1000, lockWaitMs: 5000, stop: signal };
    const turns = await Promise.all(Array.from({ length: 8 }, (_, i) => takeTurn(context, { agentId: "b3", message: `${i}`, thinkMs: 5 })));
    const done = turns.flatMap((turn) => (turn.outcome === "done" ? [turn] : [])).sort((a, b) => a.version - b.version);
    expect(done.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(done.map(({ token }) => token)).toEqual(done.map(({ token }) => token).sort((a, b) => a - b));
  });

  it("forgets locks that were abandoned long ago", async () => {
    await db.query(
      "insert into agent_locks values ('c1', 1, 'gone', now() - interval '2 minutes'), ('c2', 2, 'late', now() - interval '1 second')",
      [],
    );
    await clearAbandonedLocks(db);
    expect(await db.query("select agent_id from agent_locks where agent_id like 'c%'", [])).toEqual([{ agent_id: "c2" }]);
  });
});
