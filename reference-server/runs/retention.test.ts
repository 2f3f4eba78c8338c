import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startInstance } from "../instance.ts";
import { readAudit, removeOldAudit } from "../security/audit.ts";
import { setRole } from "../security/principals.ts";
import type { Database } from "../store/postgres.ts";
import { eventually, noServices, quiet, type Services, startServices, testConfig } from "../testing/services.ts";
import { readDelivery } from "../webhooks/webhook.ts";
import { finishRun } from "./attempt-writes.ts";
import { claimRuns } from "./claim.ts";
import { createRun } from "./create.ts";
import { readEvents } from "./events.ts";
import { runRetention } from "./retention.ts";
import { readRun } from "./run.ts";

const input = { steps: 1, step_ms: 0 };
const hourS = 3600;
const beforeAllIds = "00000000-0000-0000-0000-000000000000";

describe.skipIf(noServices)("what is kept of finished runs (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let db: Database;
  beforeAll(async () => {
    services = await startServices();
    db = services.db;
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    await db.query("truncate runs, run_events, webhook_deliveries", []);
  });

  const create = async (key: string | undefined, webhook?: string): Promise<string> =>
    (await createRun(db, { key, agentId: undefined, input, webhook })).run.id;
  /** Executes whatever is pending, and says that it ended `agoS` ago. */
  const finishAll = async (agoS: number): Promise<void> => {
    const { runs } = await claimRuns(db, "queue-1", 100);
    for (const run of runs) {
      await finishRun(db, run, { status: "success", result: { steps: 1 }, error: null, lastStep: 1 });
      await db.query("update runs set finished_at = clock_timestamp() - make_interval(secs => $2) where id = $1", [run.id, agoS]);
    }
  };
  const events = async (id: string): Promise<number | undefined> => (await readEvents(db, id, 0))?.events.length;

  it("goes when its time is over; a key is answered with its run for ever, and makes no other", async () => {
    const keyed = await create("k");
    // A client's own key that looks like those of runs without one.
    const strange = await create(`none:${randomUUID()}`);
    const bare = await create(undefined);
    await finishAll(2 * hourS);
    const recent = await create("recent");
    await finishAll(hourS / 2);
    const pending = await create("pending");
    await db.query("update runs set created_at = clock_timestamp() - interval '1 year' where id = $1", [pending]);

    await runRetention(db, hourS, beforeAllIds)();
    for (const id of [keyed, strange]) {
      expect([await readRun(db, id), await events(id)]).toMatchObject([{ status: "success", attempt: 1, result: null, last_seq: 0 }, 0]);
    }
    expect(await readRun(db, bare)).toBeUndefined();
    expect(await db.query("select from run_events where run_id = $1", [bare])).toEqual([]);
    expect([await readRun(db, recent), await events(recent)]).toMatchObject([{ result: { steps: 1 } }, 3]);
    expect(await readRun(db, pending)).toMatchObject({ status: "pending" });

    expect(await createRun(db, { key: "k", agentId: undefined, input })).toMatchObject({ outcome: "replay", run: { id: keyed, status: "success" } });
    expect((await createRun(db, { key: "k", agentId: "other", input })).outcome).toBe("conflict");
    expect((await claimRuns(db, "queue-1", 100)).runs.map(({ id }) => id)).toEqual([pending]);
  });

  it("is kept while its webhook is still being delivered, and goes with it", async () => {
    const id = await create("hooked", "http://127.0.0.1:9/");
    await finishAll(2 * hourS);
    const remove = runRetention(db, hourS, beforeAllIds);
    await remove();
    expect([await events(id), await readDelivery(db, id)]).toMatchObject([3, { status: "pending" }]);
    await db.query("update webhook_deliveries set status = 'failed' where run_id = $1", [id]);
    await remove();
    expect([await events(id), await readDelivery(db, id)]).toEqual([0, undefined]);
  });

  it("goes in statements of a few hundred rows, wherever the walk begins", async () => {
    const ids = [await create("many"), await create("few")];
    await finishAll(2 * hourS);
    await db.query("insert into run_events (run_id, seq, attempt, kind, data) select $1, n, 1, 'tokens', '{}' from generate_series(100, 1399) as n", [
      ids[0],
    ]);
    const left = async (): Promise<number> => (await db.query<{ n: number }>("select count(*)::int as n from run_events", []))[0]?.n ?? 0;
    const steps: number[] = [];
    const watched: Database = {
      ...db,
      async query(sql, values, untilMs) {
        const before = await left();
        const rows = await db.query(sql, values, untilMs);
        steps.push(before - (await left()));
        // biome-ignore lint/suspicious/noExplicitAny: the rows are those of the caller's statement
        return rows as any;
      },
    };
    const remove = runRetention(watched, hourS, "ffffffff-ffff-ffff-ffff-ffffffffffff");
    await remove();
    expect([await left(), steps]).toEqual([1306, [0]]);
    await remove();
    expect(await left()).toBe(0);
    expect(Math.max(...steps)).toBe(500);
    for (const id of ids) expect(await readRun(db, id)).toMatchObject({ last_seq: 0 });
  });

  it("is looked for by the queue instance that leads", async () => {
    const id = await create("led");
    await finishAll(2 * hourS);
    const instance = await startInstance(testConfig(services, "queue", { retainRunsS: hourS }), quiet, (error) => {
      throw error;
    });
    await eventually(
      () => events(id),
      (left) => left === 0,
      60_000,
    ).finally(() => instance.stop());
  }, 90_000);

  it("stays for ever when that is configured", async () => {
    const id = await create("kept");
    await finishAll(100 * hourS);
    await runRetention(db, 0, beforeAllIds)();
    expect(await events(id)).toBe(3);
  });
});

describe.skipIf(noServices)("what is kept of the audit log (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  it("goes from its oldest end, and nothing that is younger", async () => {
    await using services = await startServices();
    const { db } = services;
    for (const name of ["a", "b", "c"]) await setRole(db, "test", { name, role: "user" });
    await db.query("update security_audit set at = at - interval '2 hours' where subject in ('a', 'b')", []);
    expect(await removeOldAudit(db, 0)).toBe(false);
    // They are read once no older transaction of the whole cluster runs, so also none of the tests beside this one.
    await eventually(
      () => readAudit(db, 0),
      ({ length }) => length === 3,
    );
    expect(await removeOldAudit(db, hourS)).toBe(false);
    expect((await readAudit(db, 0)).map(({ subject }) => subject)).toEqual(["c"]);
  });
});
