import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../store/postgres.ts";
import { insertRuns, noServices, quiet, type Services, startServices } from "../testing/services.ts";
import { AttemptLost, appendStep, finishRun, requeueRun } from "./attempt-writes.ts";
import { cancelRun } from "./cancel.ts";
import { type ClaimedRun, claimRuns } from "./claim.ts";
import { readEvents } from "./events.ts";

const success = { status: "success", result: { steps: 1 }, error: null, lastStep: 1 } as const;

describe.skipIf(noServices)("claims and what an attempt may write (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let db: Database;
  beforeAll(async () => {
    services = await startServices();
    db = services.db;
  });
  afterAll(() => services?.[Symbol.asyncDispose]());

  const claimOne = async (): Promise<ClaimedRun> => {
    await insertRuns(db, 1);
    const [run] = (await claimRuns(db, "queue-1", 1)).runs;
    if (!run) throw new Error("Expected a run to claim and found none.");
    return run;
  };
  const kinds = async (id: string): Promise<string[]> => ((await readEvents(db, id, 0))?.events ?? []).map(({ kind, seq }) => `${seq} ${kind}`);

  it("LG-5: gives each run to one of many claimers, and no claimer more than it asked for", async () => {
    const ids = await insertRuns(db, 60);
    const claims = await Promise.all(Array.from({ length: 12 }, (_, i) => claimRuns(db, `queue-${i}`, 7)));
    const claimed = claims.flatMap(({ runs }) => runs.map(({ id }) => id));
    expect(claims.every(({ runs }) => runs.length <= 7)).toBe(true);
    expect(claimed.length).toBe(new Set(claimed).size);
    const rest = (await claimRuns(db, "queue-x", 60)).runs.map(({ id }) => id);
    expect([...claimed, ...rest].sort()).toEqual(ids.sort());
  });

  it.each([
    { what: "whatever Postgres knows of how many there are in which state", rowsAtFirst: 2000 },
    { what: "also when its plans were made for an empty table", rowsAtFirst: 0 },
  ])(
    "finds each run by its primary key, $what",
    async ({ rowsAtFirst }) => {
      // One session, whose own account of what it read can be asked for.
      await using one = openDatabase({ url: services.databaseUrl, instanceId: "queue-1", poolSize: 1, outageBudgetMs: 5000, log: quiet });
      const read = async (): Promise<Record<string, number>> => {
        await one.query("select pg_stat_force_next_flush()", []);
        const rows = await one.query<{ name: string; scans: number }>(
          `select indexrelname as name, idx_scan as scans from pg_stat_user_indexes where relname = 'runs'
         union all select 'none', seq_scan from pg_stat_user_tables where relname = 'runs'`,
          [],
        );
        return Object.fromEntries(rows.map(({ name, scans }) => [name, scans]));
      };
      await one.query("truncate runs", []);
      await insertRuns(db, rowsAtFirst);
      await one.query("analyze runs", []);
      // From the sixth time on a session keeps its plan.
      const nobody = Array.from({ length: 2 }, () => ({ id: randomUUID(), attempt: 1 }));
      for (let i = 0; i < 6 && rowsAtFirst === 0; i++) {
        await claimRuns(one, "queue-1", 10);
        await Promise.allSettled(nobody.map((run) => appendStep(one, run, 1)));
        await Promise.allSettled(nobody.map((run) => finishRun(one, run, success)));
      }
      await insertRuns(db, 2000 - rowsAtFirst);
      const before = await read();
      for (let i = 0; i < 12; i++) {
        const { runs } = await claimRuns(one, "queue-1", 10);
        await Promise.all(runs.map((run) => appendStep(one, run, 1)));
        await Promise.all(runs.map((run) => finishRun(one, run, { ...success, lastStep: 2 })));
      }
      const after = await read();
      const scans = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
      expect([scans("none"), scans("runs_running"), scans("runs_claimable")]).toEqual([0, 0, 12]);
      expect(scans("runs_pkey")).toBeGreaterThanOrEqual(12 * (10 + 10));
      await db.query("delete from runs", []);
    },
    60_000,
  );

  it("finds the runs of a claim whose answer was lost", async () => {
    const [id] = await insertRuns(db, 1);
    const answerLost: Database = {
      ...db,
      async once(sql, values, timeoutMs) {
        await db.once(sql, values, timeoutMs);
        throw new Error("Connection terminated unexpectedly");
      },
    };
    expect((await claimRuns(answerLost, "queue-1", 5)).runs).toMatchObject([{ id, attempt: 1 }]);
    expect((await claimRuns(db, "queue-1", 5)).runs).toEqual([]);
  });

  it("stores a step and an end once, however often they are sent", async () => {
    const run = await claimOne();
    await Promise.all([appendStep(db, run, 1), appendStep(db, run, 1), appendStep(db, run, 1)]);
    const end = { ...success, lastStep: 2 };
    await Promise.all([finishRun(db, run, end), finishRun(db, run, end)]);
    expect(await kinds(run.id)).toEqual(["1 attempt", "2 step", "3 step", "4 end"]);
  });

  describe.each([
    { what: "steps", write: (to: Database, run: ClaimedRun) => appendStep(to, run, 1), stored: ["1 attempt", "2 step"] },
    {
      what: "ends",
      write: (to: Database, run: ClaimedRun) => finishRun(to, run, { ...success, lastStep: 1 }),
      stored: ["1 attempt", "2 step", "3 end"],
    },
  ])("$what of several attempts, which go in one statement", ({ write, stored }) => {
    const claimSome = async (count: number): Promise<readonly ClaimedRun[]> => {
      await insertRuns(db, count);
      return (await claimRuns(db, "queue-1", count)).runs;
    };
    const writeAll = (runs: readonly ClaimedRun[], to: Database = db) => Promise.allSettled(runs.map((run) => write(to, run)));
    afterEach(() => db.query("delete from runs", []));

    it("LG-5: are stored but for those of attempts that are over", async () => {
      const runs = await claimSome(4);
      const [a, b, c, d] = runs;
      await requeueRun(db, b as ClaimedRun, { reason: "test", failed: false, delayMs: 0 });
      await cancelRun(db, services.redis, c?.id ?? "");
      const statuses = (await writeAll(runs)).map((settled) => (settled.status === "fulfilled" ? "stored" : settled.reason));
      expect(statuses).toEqual(["stored", expect.any(AttemptLost), expect.any(AttemptLost), "stored"]);
      for (const run of [a, d]) expect(await kinds(run?.id ?? "")).toEqual(stored);
      expect(await kinds(b?.id ?? "")).toEqual(["1 attempt", "2 requeue"]);
      expect(await kinds(c?.id ?? "")).toEqual(["1 attempt", "2 end"]);
    });

    it("LG-6: meet each its own error, and nobody else's", async () => {
      const runs = await claimSome(3);
      await db.query(
        `create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception using errcode = '23514', message = 'injected'; end $$`,
        [],
      );
      await db.query(`create trigger refuse before update on runs for each row when (new.id = '${runs[1]?.id}') execute function refuse()`, []);
      const settled = await writeAll(runs);
      await db.query("drop trigger refuse on runs", []);
      expect(settled).toMatchObject([{ status: "fulfilled" }, { status: "rejected", reason: { code: "23514" } }, { status: "fulfilled" }]);
      for (const i of [0, 2]) expect(await kinds(runs[i]?.id ?? "")).toEqual(stored);
      expect(await kinds(runs[1]?.id ?? "")).toEqual(["1 attempt"]);
    });

    it("wait for a row that somebody holds in its own attempt, and in no other", async () => {
      const runs = await claimSome(3);
      const holder = new pg.Client(services.databaseUrl);
      await holder.connect();
      await holder.query("begin");
      await holder.query("select from runs where id = $1 for update", [runs[1]?.id]);
      const writes = runs.map((run) => write(db, run));
      await Promise.all([writes[0], writes[2]]);
      expect(await kinds(runs[1]?.id ?? "")).toEqual(["1 attempt"]);
      await holder.end();
      await writes[1];
      for (const { id } of runs) expect(await kinds(id)).toEqual(stored);
    });

    it("LG-14: are stored once when the answer is lost", async () => {
      const runs = await claimSome(3);
      let lost = 0;
      const answerLost: Database = {
        ...db,
        async once(sql, values, timeoutMs) {
          await db.once(sql, values, timeoutMs);
          lost += 1;
          throw new Error("Connection terminated unexpectedly");
        },
      };
      expect((await writeAll(runs, answerLost)).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
      expect(lost).toBe(1);
      for (const { id } of runs) expect(await kinds(id)).toEqual(stored);
    });
  });

  it("LG-5: refuses everything an old attempt writes", async () => {
    const old = await claimOne();
    await appendStep(db, old, 1);
    expect(await requeueRun(db, old, { reason: "test", failed: false, delayMs: 0 })).toBe(true);
    const [next] = (await claimRuns(db, "queue-2", 1)).runs;
    expect(next).toMatchObject({ id: old.id, attempt: 2 });
    await expect(appendStep(db, old, 2)).rejects.toThrow(AttemptLost);
    await expect(finishRun(db, old, success)).rejects.toThrow(AttemptLost);
    expect(await requeueRun(db, old, { reason: "test", failed: false, delayMs: 0 })).toBe(false);
    expect(await kinds(old.id)).toEqual(["1 attempt", "2 step", "3 requeue", "4 attempt"]);
  });

  it("does not let a run be claimed before its delay is over", async () => {
    const run = await claimOne();
    await requeueRun(db, run, { reason: "test", failed: true, delayMs: 60_000 });
    expect((await claimRuns(db, "queue-1", 1)).runs).toEqual([]);
  });

  it("LG-5: ends a run once when its end and its cancellation race", async () => {
    for (let i = 0; i < 30; i++) {
      const run = await claimOne();
      const [finished, cancelled] = await Promise.allSettled([finishRun(db, run, success), cancelRun(db, services.redis, run.id)]);
      const status = cancelled.status === "fulfilled" ? cancelled.value?.status : "";
      expect(status).toBe(finished.status === "fulfilled" ? "success" : "cancelled");
      expect(await kinds(run.id)).toEqual(status === "success" ? ["1 attempt", "2 step", "3 end"] : ["1 attempt", "2 end"]);
    }
  });

  it("cancels a pending run, so that nobody claims it", async () => {
    const [id = ""] = await insertRuns(db, 1);
    expect(await cancelRun(db, services.redis, id)).toMatchObject({ status: "cancelled" });
    expect(await cancelRun(db, services.redis, id)).toMatchObject({ status: "cancelled" });
    expect((await claimRuns(db, "queue-1", 1)).runs).toEqual([]);
  });
});
