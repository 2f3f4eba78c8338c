import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "../config.ts";
import { readEvents } from "../runs/events.ts";
import { readRun } from "../runs/run.ts";
import { type InstanceProcess, startProcess } from "../testing/process.ts";
import { eventually, insertRuns, noServices, type Services, startServices, testConfig } from "../testing/services.ts";

/** Long enough for a machine that is busy: who cannot renew it ends, as it should. */
const leaseMs = 8000;
/** For what happens in milliseconds on an idle machine. */
const inTimeMs = 60_000;

interface Written {
  readonly by: string;
  readonly what: string;
}

describe.skipIf(noServices)("active-passive as real processes (needs TEST_DATABASE_URL and TEST_REDIS_URL)", { timeout: 300_000 }, () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
    const { db } = services;
    // Postgres's own account: every write in the order of its happening, with the session's name, and every change of leadership.
    await db.query("create table written (n bigserial, by text, what text)", []);
    await db.query("create table terms (n bigserial, instance text, early_ms float8)", []);
    await db.query(
      `create function note_write() returns trigger language plpgsql as $$
       begin
         insert into written (by, what) values (current_setting('application_name'), to_jsonb(new)->>tg_argv[0]);
         return null;
       end $$`,
      [],
    );
    await db.query(
      `create function note_term() returns trigger language plpgsql as $$
       begin
         insert into terms (instance, early_ms) values (new.instance, (extract(epoch from old.expires_at) - extract(epoch from clock_timestamp())) * 1000);
         return null;
       end $$`,
      [],
    );
    await db.query("create trigger note_run after insert on runs for each row execute function note_write('idempotency_key')", []);
    await db.query("create trigger note_event after insert on run_events for each row execute function note_write('run_id')", []);
    await db.query("create trigger note_change after insert on agent_events for each row execute function note_write('agent_id')", []);
    await db.query(
      "create trigger note_term after update on leaders for each row when (new.token <> old.token and new.name like 'active %') execute function note_term()",
      [],
    );
  });
  afterAll(() => services?.[Symbol.asyncDispose]());
  beforeEach(() => services.db.query("truncate written, terms, leaders, runs, run_events", []));

  const start = (role: Role, instanceId: string, until: "ready" | "passive"): Promise<InstanceProcess> => {
    const over = {
      instanceId,
      mode: "active-passive",
      managementPort: 0,
      leaderLeaseMs: leaseMs,
      lockLeaseMs: 5000,
      heartbeatTimeoutMs: 5000,
    } as const;
    return startProcess(testConfig(services, role, over), {}, until);
  };
  const leads = (instance: InstanceProcess): Promise<unknown> =>
    eventually(
      async () => instance.log().some((line) => line.msg === "ready"),
      (ready) => ready,
      inTimeMs,
    );
  const written = () => services.db.query<Written & Record<string, unknown>>("select by, what from written order by n", []);
  /** Nobody took the seat before the lease of the one before was over, and the seat was not empty for long. */
  const expectSuccession = async (...instances: string[]): Promise<void> => {
    const terms = await services.db.query<{ instance: string; early_ms: number }>("select instance, early_ms from terms order by n", []);
    expect(terms.map(({ instance }) => instance)).toEqual(instances);
    for (const { early_ms } of terms.slice(1)) {
      expect(early_ms).toBeLessThanOrEqual(0);
      // A candidate looks each quarter of a lease; the rest is for a machine that is busy.
      expect(-early_ms).toBeLessThan(leaseMs / 2 + 10_000);
    }
  };
  /** What the one before wrote comes before everything that its successor wrote. */
  const expectOrder = async (former: string, successor: string): Promise<void> => {
    const writers = (await written()).map(({ by }) => by);
    expect(writers).toContain(former);
    expect(writers).toContain(successor);
    expect(writers.lastIndexOf(former)).toBeLessThan(writers.indexOf(successor));
  };
  /** Its status; undefined when the connection ended without an answer. */
  const post = async ({ port }: InstanceProcess, path: string, body: object, key: string = randomUUID()): Promise<number | undefined> => {
    const headers = { "content-type": "application/json", "idempotency-key": key };
    return fetch(`http://127.0.0.1:${port}/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) }).then(
      ({ status }) => status,
      () => undefined,
    );
  };
  const openTransaction = async () => {
    const client = new pg.Client(services.databaseUrl);
    await client.connect();
    await client.query("begin");
    return { client, [Symbol.asyncDispose]: () => client.end() };
  };
  const input = { steps: 1, step_ms: 0 };

  it("HA-1, HA-13: the passive one takes over from a stopped one, which writes nothing when it goes on, and ends", async () => {
    await using former = await start("api", "api-1", "ready");
    await using successor = await start("api", "api-2", "passive");
    expect([await post(former, "runs", { input }), successor.port]).toEqual([201, 0]);
    // Inside a critical section, which it would end with a write.
    const turn = post(former, "agents/inside/turns", { message: "late", think_ms: 1000 });
    await eventually(
      () => services.db.query("select from agent_locks", []),
      (rows) => rows.length > 0,
      inTimeMs,
    );
    // A statement that is in Postgres while its process is stopped: it waits for a key that an open transaction has.
    await using other = await openTransaction();
    const held = `held-${randomUUID()}`;
    const sql = "insert into runs (id, idempotency_key, request_hash, input) values (gen_random_uuid(), $1, '', '{}')";
    await other.client.query(sql, [held]);
    const blocked = post(former, "runs", { input }, held);
    await eventually(
      () => services.db.query("select from pg_stat_activity where application_name = 'api-1' and wait_event_type = 'Lock'", []),
      (rows) => rows.length > 0,
      inTimeMs,
    );
    former.child.kill("SIGSTOP");
    // Connections that the system accepts for it: it reads these when it goes on.
    const keys = Array.from({ length: 5 }, () => `stopped-${randomUUID()}`);
    const late = keys.map((key) => post(former, "runs", { input }, key));
    await leads(successor);
    expect(await post(successor, "runs", { input })).toBe(201);
    await other.client.query("rollback");
    former.child.kill("SIGCONT");
    expect(await former.exited).toEqual([1, null]);
    for (const status of await Promise.all([turn, blocked, ...late])) expect([undefined, 503, 409]).toContain(status);
    expect(await post(successor, "agents/inside/turns", { message: "next", think_ms: 0 })).toBe(200);
    const all = await written();
    expect(all.filter(({ by, what }) => by === "api-1" && [held, ...keys].includes(what))).toEqual([]);
    expect(all.filter(({ what }) => what === "inside")).toEqual([{ by: "api-2", what: "inside" }]);
    await expectOrder("api-1", "api-2");
    await expectSuccession("api-1", "api-2");
    expect(former.log().at(-1)?.msg).toBe("the instance cannot go on");
  });

  it("HA-1, HA-13: the passive one takes over from a killed one, with requests in progress, and a third one from it", async () => {
    await using first = await start("api", "api-1", "ready");
    await using second = await start("api", "api-2", "passive");
    await using third = await start("api", "api-3", "passive");
    expect(await post(first, "runs", { input })).toBe(201);
    let leader = first;
    for (let waiting = [second, third]; waiting.length > 0; waiting = waiting.filter((each) => each !== leader)) {
      const going = Array.from({ length: 10 }, () => post(leader, "runs", { input }));
      leader.child.kill("SIGKILL");
      expect(await leader.exited).toEqual([null, "SIGKILL"]);
      await Promise.all(going);
      // Which of those that wait comes next is open.
      leader = await Promise.race(waiting.map((each) => leads(each).then(() => each)));
      expect(await post(leader, "runs", { input })).toBe(201);
    }
    const terms = await services.db.query<{ instance: string }>("select instance from terms order by n", []);
    expect(new Set(terms.map(({ instance }) => instance)).size).toBe(3);
    await expectSuccession(...terms.map(({ instance }) => instance));
    for (const [i, { instance }] of terms.slice(1).entries()) await expectOrder(terms[i]?.instance ?? "", instance);
  });

  it("HA-1, HA-13, LG-8: of queue instances the passive one ends what a stopped one had begun, and that one adds nothing", async () => {
    await using former = await start("queue", "queue-1", "ready");
    await using successor = await start("queue", "queue-2", "passive");
    const [id = ""] = await insertRuns(services.db, 1, { steps: 60, step_ms: 200 });
    await eventually(
      () => readRun(services.db, id),
      (run) => (run?.step ?? 0) > 2,
      inTimeMs,
    );
    former.child.kill("SIGSTOP");
    await leads(successor);
    await eventually(
      () => readRun(services.db, id),
      (run) => run?.attempt === 2 && run.step > 2,
      inTimeMs,
    );
    former.child.kill("SIGCONT");
    expect(await former.exited).toEqual([1, null]);
    await eventually(
      () => readRun(services.db, id),
      (run) => run?.status === "success" && run.attempt === 2,
      inTimeMs,
    );
    const attempts = (await readEvents(services.db, id, 0))?.events.map(({ attempt }) => attempt) ?? [];
    expect(attempts).toEqual(attempts.toSorted((a, b) => a - b));
    await expectOrder("queue-1", "queue-2");
    await expectSuccession("queue-1", "queue-2");
  });
});
