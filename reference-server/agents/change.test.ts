import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sleep } from "../clock.ts";
import type { LockStrategy } from "../config.ts";
import { openEffects } from "../effects/effects.ts";
import { openLocks } from "../locks/open-locks.ts";
import type { Database } from "../store/postgres.ts";
import { noServices, type Services, startServices, testConfig } from "../testing/services.ts";
import { type Agent, type Change, enterAgent, readAgent, writeAgent } from "./agent.ts";
import { type ChangeContext, changeAgent } from "./change.ts";
import { readAgentEvents, readMessages } from "./events.ts";
import { blockVersion, setBlocks } from "./memory.ts";
import { useTool } from "./tools.ts";

const stop = new AbortController().signal;
const message = (text: string): Change => ({ kind: "message", data: { role: "user", text } });

describe.skipIf(noServices)("changes of an agent (need TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let db: Database;
  beforeAll(async () => {
    services = await startServices();
    db = services.db;
  });
  afterAll(() => services?.[Symbol.asyncDispose]());

  const instance = (lockStrategy: LockStrategy = "postgres", onChange: (agent: Agent) => void = () => {}): ChangeContext => ({
    db,
    locks: openLocks(testConfig(services, "api", { lockStrategy }), db, services.redis),
    effects: openEffects(undefined),
    lockWaitMs: 15_000,
    stop,
    beginChange: async () => onChange,
  });
  const append = (text: string) => useTool({ tool: "append_to_block", label: "log", text, duration_ms: 0 });
  const read = async (id: string): Promise<Agent> => {
    const agent = await readAgent(db, id);
    if (!agent) throw new Error(`Expected agent ${id} and found none.`);
    return agent;
  };

  it("HA-13: the row protects the agent: a stale token is refused after a newer one came to read", async () => {
    await enterAgent(db, "b1", 10);
    expect(await writeAgent(db, "b1", 10, message("ten"))).toBe(1);
    expect(await enterAgent(db, "b1", 12)).toMatchObject({ version: 1 });
    expect(await writeAgent(db, "b1", 11, message("eleven"))).toBeUndefined();
    expect(await enterAgent(db, "b1", 11)).toBeUndefined();
    expect(await writeAgent(db, "b1", 12, message("twelve"))).toBe(2);
    expect(await readMessages(db, "b1", 0)).toEqual([
      { seq: 1, role: "user", text: "ten" },
      { seq: 2, role: "user", text: "twelve" },
    ]);
  });

  it("accepts a write once, however often it is sent", async () => {
    await enterAgent(db, "b2", 20);
    expect(await Promise.all([1, 2, 3].map(() => writeAgent(db, "b2", 20, message("hello"))))).toEqual([1, 1, 1]);
    expect(await readAgentEvents(db, "b2", 0)).toMatchObject({ version: 1, events: [{ seq: 1, data: { text: "hello" } }] });
  });

  it.each(["postgres", "redis"] as const)(
    "HS-21, HS-14, %s: turns, memory and tools of two instances, one at a time, none lost",
    async (strategy) => {
      const id = randomUUID();
      let inside = 0;
      let overlaps = 0;
      const seen: Agent[] = [];
      const [a, b] = [instance(strategy, (agent) => seen.push(agent)), instance(strategy, (agent) => seen.push(agent))] as const;
      const work = [0, 1, 2, 3, 4, 5, 6, 7].map((i) =>
        changeAgent(i % 2 ? a : b, id, async (agent, section) => {
          overlaps += inside++ > 0 ? 1 : 0;
          await sleep(5);
          inside--;
          if (i < 5) return append(`${i};`)(agent, section);
          return i < 7 ? message(`${i}`) : { kind: "state", data: {}, state: { done: true } };
        }),
      );
      const results = await Promise.all(work);
      expect(overlaps).toBe(0);
      const done = results.flatMap((result) => (result.outcome === "done" ? [result] : [])).sort((x, y) => x.agent.version - y.agent.version);
      expect(done.map(({ agent }) => agent.version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(done.map(({ token }) => token)).toEqual(done.map(({ token }) => token).sort((x, y) => x - y));
      const agent = await read(id);
      expect(agent.blocks.log?.value.split(";").filter(Boolean).sort()).toEqual(["0", "1", "2", "3", "4"]);
      expect(agent.state).toEqual({ done: true });
      expect(seen.at(-1)).toEqual(agent);
      expect((await readAgentEvents(db, id, 0))?.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    },
  );

  it("HS-6, FR-6: with the lock table in the process, instances overlap, and the fence still loses no update", async () => {
    const id = randomUUID();
    const a = instance("in-process");
    const b = instance("in-process");
    const aEntered = Promise.withResolvers<void>();
    const bDone = Promise.withResolvers<void>();
    const first = changeAgent(a, id, async (agent, section) => {
      aEntered.resolve();
      await bDone.promise;
      return append("a;")(agent, section);
    });
    await aEntered.promise;
    expect((await changeAgent(b, id, append("b;"))).outcome).toBe("done");
    bDone.resolve();
    expect((await first).outcome).toBe("lost");
    expect((await read(id)).blocks.log?.value).toBe("b;");
  });

  it("HS-14: several blocks change together, or none, and each has the version of the change that wrote it", async () => {
    const id = randomUUID();
    const set = (values: Record<string, string | null>) =>
      changeAgent(instance(), id, (agent) => setBlocks(agent, values) ?? Promise.reject(new Error("too many")));
    await set({ persona: "p1", human: "h1" });
    await set({ human: "h2" });
    expect((await read(id)).blocks).toEqual({ persona: { value: "p1", version: 1 }, human: { value: "h2", version: 2 } });
    await expect(set(Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`b${i}`, ""])))).rejects.toThrow("too many");
    expect(Object.keys((await read(id)).blocks)).toHaveLength(2);
    await set({ persona: null });
    const agent = await read(id);
    expect([blockVersion(agent, "persona"), blockVersion(agent, "human"), blockVersion(agent, "constructor")]).toEqual([0, 2, 0]);
  });

  it("says busy when the lock is held for longer than it may wait, and lost when it was revoked", async () => {
    const id = randomUUID();
    const { locks, ...rest } = instance();
    const entered = Promise.withResolvers<void>();
    const slow = changeAgent({ ...rest, locks }, id, async (_agent, { signal }) => {
      entered.resolve();
      await sleep(10_000, signal);
      return message("late");
    });
    await entered.promise;
    expect(await changeAgent({ ...rest, locks, lockWaitMs: 50 }, id, () => message("busy"))).toEqual({ outcome: "busy" });
    await locks.clear(id);
    expect(await slow).toEqual({ outcome: "lost" });
    expect(await read(id)).toMatchObject({ version: 0 });
  });
});
