import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { releaseLease, renewLease, takeLease } from "../leader/lease.ts";
import { clearAbandonedLocks, postgresLocks } from "../locks/postgres-lock.ts";
import { admitAdminKey } from "../security/principals.ts";
import { removeEndedSessions } from "../sessions/session.ts";
import { migrate } from "../store/migrate.ts";
import { type Database, openDatabase } from "../store/postgres.ts";
import { type Faults, plantFaults } from "../testing/faults.ts";
import { eventually, insertRuns, noServices, quiet, type Services, startServices } from "../testing/services.ts";
import { openWay } from "../testing/way.ts";
import { startDeliveries } from "../webhooks/deliver.ts";
import { appendStep, appendTokens, finishRun, requeueRun } from "./attempt-writes.ts";
import { type ClaimedRun, claimRuns } from "./claim.ts";
import { sweeper } from "./sweep.ts";
import { createThread, createThreadRun, releaseForgotten, releaseNext } from "./threads.ts";

const input = { steps: 3, step_ms: 0 };

describe.skipIf(noServices)("LG-14 what queue, sweepers and housekeeping send again (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  let services: Services;
  let faults: Faults;
  /** The database with its faults; `services.db` is the same without. */
  let db: Database;
  let receiver: { readonly url: string; readonly keys: string[] } & AsyncDisposable;
  beforeAll(async () => {
    services = await startServices();
    faults = await plantFaults(services);
    db = openDatabase({ url: faults.url, instanceId: "faulty", poolSize: 3, outageBudgetMs: 15_000, log: quiet });
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver?.[Symbol.asyncDispose]();
    await db?.[Symbol.asyncDispose]();
    await faults?.[Symbol.asyncDispose]();
    await services?.[Symbol.asyncDispose]();
  });

  async function startReceiver() {
    const keys: string[] = [];
    const server = createServer((request, response) => {
      keys.push(String(request.headers["idempotency-key"]));
      request.resume().on("end", () => response.end());
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    return {
      url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`,
      keys,
      async [Symbol.asyncDispose]() {
        server.close();
        server.closeAllConnections();
      },
    };
  }

  const aRun = async (): Promise<string> => (await insertRuns(services.db, 1, input))[0] ?? "";
  const anAttempt = async (): Promise<ClaimedRun> => {
    await aRun();
    const [run] = (await claimRuns(services.db, "faulty", 1)).runs;
    if (!run) throw new Error("Expected a run to claim.");
    return run;
  };
  /** A thread whose first run was cancelled by somebody who released nothing. */
  const aForgottenThread = async (): Promise<string> => {
    const thread = randomUUID();
    await createThread(services.db, thread);
    for (let i = 0; i < 2; i++) {
      await createThreadRun(services.db, services.redis, thread, "enqueue", { key: undefined, agentId: undefined, input });
    }
    await services.db.query("update runs set status = 'cancelled' where thread_id = $1 and thread_position = 1", [thread]);
    return thread;
  };
  const lease = (name: string) => ({ name, instanceId: "faulty", holder: "faulty", leaseMs: 60_000 });
  const finished = { status: "success", result: { steps: 3 }, error: null, lastStep: 3 } as const;

  /** What is done, to what was prepared without faults. */
  const works: Readonly<Record<string, { prepare(): Promise<unknown>; work(subject: never): Promise<unknown> }>> = {
    // A claim that met an error is made again at the next look.
    claim: {
      prepare: aRun,
      work: () =>
        eventually(
          () => claimRuns(db, "faulty", 1),
          ({ runs }) => runs.length > 0,
        ),
    },
    "step append": { prepare: anAttempt, work: (run: ClaimedRun) => appendStep(db, run, 1) },
    "token append": { prepare: anAttempt, work: (run: ClaimedRun) => appendTokens(db, run, run.last_seq + 1, { step: 1, from: 0, text: "x" }) },
    finish: { prepare: anAttempt, work: (run: ClaimedRun) => finishRun(db, run, finished) },
    requeue: { prepare: anAttempt, work: (run: ClaimedRun) => requeueRun(db, run, { reason: "draining", failed: true, delayMs: 0 }) },
    release: { prepare: aForgottenThread, work: (thread: string) => releaseNext(db, services.redis, thread) },
    sweeper: {
      prepare: anAttempt,
      work: () => sweeper({ db, redis: services.redis, heartbeatTimeoutMs: 1, tickMs: 1000, log: quiet, onRequeue() {} })(),
    },
    "housekeeping of threads": { prepare: aForgottenThread, work: () => releaseForgotten(db, services.redis, quiet) },
    "housekeeping of locks": {
      prepare: () => services.db.query("insert into agent_locks values ('a', 1, 'gone', now() - interval '2 minutes')", []),
      work: () => clearAbandonedLocks(db),
    },
    "housekeeping of sessions": {
      async prepare() {
        const sql = "insert into sessions (id, data, recent_writes, expires_at) values ($1, '{}', '{}', now() - interval '1 hour')";
        await services.db.query(sql, [randomUUID()]);
      },
      work: () => removeEndedSessions(db),
    },
    webhook: {
      async prepare() {
        const id = await aRun();
        await services.db.query("update runs set webhook = $1 where id = $2", [receiver.url, id]);
        await services.db.query("update runs set status = 'success' where id = $1", [id]);
        receiver.keys.length = 0;
      },
      async work() {
        await using _deliveries = startDeliveries({ db, hosts: ["127.0.0.1"], log: quiet, onAttempt() {} });
        await eventually(
          () => services.db.query("select from webhook_deliveries where status = 'pending'", []),
          (rows) => rows.length === 0,
        );
      },
    },
    "leader's lease": {
      prepare: async () => {},
      // Nobody may have it when the row was placed and nobody heard of that: the next try does.
      work: () =>
        eventually(
          () => takeLease(db, lease("l")),
          (token) => token !== undefined,
        ),
    },
    "leader's renewal": {
      prepare: () => takeLease(services.db, lease("l")),
      work: async (token: number) => expect(await renewLease(db, lease("l"), token)).toBe(true),
    },
    "leader's release": { prepare: () => takeLease(services.db, lease("l")), work: (token: number) => releaseLease(db, lease("l"), token) },
    "administrator's key": { prepare: async () => {}, work: () => admitAdminKey(db, "key") },
  };
  const names = Object.keys(works);
  const tables = ["runs", "run_events", "threads", "webhook_deliveries", "agent_locks", "sessions", "leaders", "principals", "api_keys"];

  /** What there is, but for ids and times: the same whenever the same was done, each of it once. */
  const everything = async (): Promise<unknown> => {
    const ask = async (sql: string) => services.db.query(sql, []);
    return {
      runs: await ask(
        "select status, attempt, handler, step, failures, last_seq, available_at = 'infinity' as held, result, thread_position from runs order by thread_position",
      ),
      events: await ask("select seq, attempt, kind, data from run_events order by run_id, seq"),
      deliveries: await ask("select status, attempts from webhook_deliveries"),
      received: receiver.keys.length,
      locks: await ask("select agent_id from agent_locks"),
      sessions: await ask("select id from sessions"),
      leaders: await ask("select name, holder, expires_at > now() as leads, unfenced from leaders"),
      principals: await ask("select name, role, version from principals"),
      keys: await ask("select principal from api_keys"),
    };
  };
  interface Done {
    readonly effect: unknown;
    readonly error: unknown;
    readonly statements: number;
    readonly rows: number;
  }
  const attempt = async (name: string, meet: () => Promise<void> | void): Promise<Done> => {
    await services.db.query(`truncate ${tables.join(", ")}`, []);
    receiver.keys.length = 0;
    const { prepare, work } = works[name] ?? {};
    const subject = await prepare?.();
    const statements = faults.way.statements();
    await faults.raise({ code: "", times: 0 });
    await meet();
    const error = await work?.(subject as never).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const rows = await faults.rows();
    return { effect: await everything(), error, statements: faults.way.statements() - statements, rows };
  };

  describe.each(names)("%s", (name) => {
    let usual: Done;
    beforeAll(async () => {
      usual = await attempt(name, () => {});
      expect(usual.error).toBeUndefined();
      expect(usual.rows).toBeGreaterThan(0);
    });

    it("is done once, whichever row an error that passes is met at", async () => {
      for (let skip = 0; skip < Math.min(usual.rows, 12); skip++) {
        const done = await attempt(name, () => faults.raise({ code: skip % 2 ? "40P01" : "40001", times: 1, skip }));
        expect(await faults.lift(), `row ${skip}`).toBe(1);
        expect([skip, done.error, done.effect]).toEqual([skip, undefined, usual.effect]);
      }
    }, 60_000);

    it("is done once, however often it is an error that passes", async () => {
      for (const code of ["40P01", "57P01", "08006"]) {
        const done = await attempt(name, () => faults.raise({ code, times: 3 }));
        expect(await faults.lift(), code).toBe(3);
        expect([code, done.error, done.effect]).toEqual([code, undefined, usual.effect]);
      }
    }, 60_000);

    it("is done once, whichever statement the connection breaks at, before it is sent or after it is committed", async () => {
      const { way } = faults;
      const unsent = await attempt(name, () => way.breakNext(2));
      expect(way.breaksLeft()).toBe(0);
      expect([unsent.error, unsent.effect]).toEqual([undefined, usual.effect]);
      for (let skip = 0; skip < usual.statements; skip++) {
        const done = await attempt(name, () => way.loseAnswer(skip));
        expect([skip, way.keepAnswers()]).toEqual([skip, false]);
        expect([skip, done.error, done.effect]).toEqual([skip, undefined, usual.effect]);
      }
    }, 60_000);
  });

  // The others are looks that come again, or give up by themselves.
  it.each(["step append", "token append", "finish", "requeue", "release", "sweeper", "housekeeping of threads", "housekeeping of locks"])(
    "%s: an error that stays is not tried again",
    async (name) => {
      for (const code of ["23514", "42P01"]) {
        const done = await attempt(name, () => faults.raise({ code, times: 1000 }));
        expect([code, await faults.lift(), done.error]).toMatchObject([code, 1, { code }]);
      }
    },
    60_000,
  );

  it("a lock is kept though its renewals meet broken connections", async () => {
    const locks = postgresLocks(db, 6000);
    await using lock = await locks.acquire({ agentId: "renewed", waitMs: 0, signal: new AbortController().signal });
    const until = async () =>
      (
        await services.db.query<{ at: number }>("select extract(epoch from expires_at)::float8 as at from agent_locks where agent_id = 'renewed'", [])
      )[0]?.at ?? 0;
    for (let i = 0; i < 2; i++) {
      const before = await until();
      faults.way.breakNext(1);
      await eventually(until, (now) => now > before);
      expect(faults.way.breaksLeft()).toBe(0);
    }
    expect(lock?.signal.aborted).toBe(false);
  }, 60_000);

  it("a migration is made once, whichever statement's answer is lost", async () => {
    await using own = await startServices();
    await using way = await openWay(own.databaseUrl);
    const schema = async () => ({
      migrations: await own.db.query("select name from schema_migrations order by name", []),
      columns: await own.db.query("select table_name, column_name from information_schema.columns where table_schema = 'public' order by 1, 2", []),
    });
    const usual = await schema();
    const statements = 4 + 2 * usual.migrations.length + 1;
    // In the middle, the last insert, and the commit.
    for (const skip of [5, statements - 2, statements - 1]) {
      await own.db.query("drop schema public cascade", []);
      await own.db.query("create schema public", []);
      way.loseAnswer(skip);
      await migrate(way.url, "migrating", quiet, AbortSignal.timeout(30_000));
      expect(way.keepAnswers()).toBe(false);
      expect(await schema()).toEqual(usual);
    }
  }, 60_000);
});
