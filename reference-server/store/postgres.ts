/**
 * The only way to the database: a pool, and one place where a statement that met a transient error is sent again.
 * Every statement is autocommit and safe to repeat: guarded by a unique key, an attempt number or a token, and read back when the guard refuses.
 */
import pg from "pg";
import type { Logger } from "pino";
import { monotonicMs, settledWithin, sleep } from "../clock.ts";
import { connectionSurvives, isTransient, Unavailable } from "./transient.ts";

const acquireTimeoutMs = 2000;
const connectTimeoutMs = 1000;
const queryTimeoutMs = 5000;
const firstPauseMs = 10;
const longestPauseMs = 250;

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type Row = Readonly<Record<string, unknown>>;

export interface Database extends AsyncDisposable {
  /** Sends the statement until it is answered, at most until `untilMs` (monotonic; default: now + the outage budget). Throws Unavailable after that. */
  query<R extends Row>(sql: string, values: readonly unknown[], untilMs?: number): Promise<R[]>;
  /** Sends the statement once. An error may come after it took effect. */
  once<R extends Row>(sql: string, values: readonly unknown[], timeoutMs?: number): Promise<R[]>;
  /** When a caller that starts now has to have its answer (monotonic ms). */
  deadlineMs(): number;
  gauges(): { readonly total: number; readonly idle: number; readonly waiting: number };
}

interface DatabaseOptions {
  readonly url: string;
  readonly instanceId: string;
  readonly poolSize: number;
  readonly outageBudgetMs: number;
  readonly log: Logger;
}

function jittered(ms: number): number {
  return ms * (0.5 + Math.random());
}

/** Settings of every session, in and outside the pool. `application_name` tells an audit trail who wrote. */
export function sessionConfig(url: string, instanceId: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: instanceId,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 1000,
    // Longer than the client waits: it only ends what no client waits for any more.
    statement_timeout: queryTimeoutMs + 1000,
  };
}

/** Opens the pool; connects with the first statement. */
export function openDatabase({ url, instanceId, poolSize, outageBudgetMs, log }: DatabaseOptions): Database {
  const session = sessionConfig(url, instanceId);
  // The pool has one time-out for waiting and for connecting: its clients get the shorter one of their own.
  const Client = function connectQuickly() {
    return new pg.Client(session);
  } as unknown as new () => pg.Client;
  const pool = new pg.Pool({ Client, max: poolSize, connectionTimeoutMillis: acquireTimeoutMs, idleTimeoutMillis: 60_000 });
  // An idle connection died. The pool has dropped it already; without a listener the process would end.
  pool.on("error", (error) => log.info({ reason: error.message }, "an idle database connection was closed"));

  const checkOut = async (withinMs: number): Promise<pg.PoolClient> => {
    const pending = pool.connect();
    if (!(await settledWithin(pending, withinMs))) {
      pending.then(
        (late) => late.release(),
        () => {},
      );
      throw new Error("timeout exceeded when trying to connect");
    }
    return pending;
  };

  const once = async <R extends Row>(sql: string, values: readonly unknown[], timeoutMs = queryTimeoutMs): Promise<R[]> => {
    const startedMs = monotonicMs();
    const client = await checkOut(Math.min(acquireTimeoutMs, timeoutMs));
    const ignore = (): void => {};
    client.on("error", ignore);
    try {
      const left = Math.max(50, timeoutMs - (monotonicMs() - startedMs));
      const result = await client.query({ text: sql, values: [...values], query_timeout: Math.min(queryTimeoutMs, left) } as pg.QueryConfig);
      client.off("error", ignore);
      client.release();
      return result.rows as R[];
    } catch (error) {
      if (connectionSurvives(error)) {
        client.off("error", ignore);
        client.release();
      } else {
        client.release(true);
      }
      throw error;
    }
  };

  const deadlineMs = (): number => monotonicMs() + outageBudgetMs;

  let closed = false;
  let outage: Promise<void> | undefined;
  // One caller's question for all: hundreds that dial at once would keep a database that is just starting busy with refusing them.
  const awaitDatabase = async (): Promise<void> => {
    for (let pauseMs = firstPauseMs; !closed; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      await sleep(jittered(pauseMs));
      try {
        await once("select 1", [], connectTimeoutMs);
        return;
      } catch (error) {
        if (!isTransient(error)) return;
      }
    }
  };

  const query = async <R extends Row>(sql: string, values: readonly unknown[], untilMs = deadlineMs()): Promise<R[]> => {
    let cause: unknown;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const leftMs = untilMs - monotonicMs();
      if ((outage && !(await settledWithin(outage, leftMs))) || (cause && monotonicMs() >= untilMs)) {
        const reason = cause instanceof Error ? cause.message : "it is away since before";
        throw new Unavailable(`The database did not answer in time: ${reason}.`, { cause });
      }
      try {
        return await once<R>(sql, values, Math.max(50, untilMs - monotonicMs()));
      } catch (error) {
        if (!isTransient(error)) throw error;
        cause = error;
        if (!connectionSurvives(error)) {
          outage ??= awaitDatabase().finally(() => {
            outage = undefined;
          });
        }
        await sleep(Math.min(jittered(pauseMs), Math.max(0, untilMs - monotonicMs())));
      }
    }
  };

  return {
    query,
    once,
    deadlineMs,
    gauges: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    async [Symbol.asyncDispose]() {
      closed = true;
      await settledWithin(pool.end(), 2000);
    },
  };
}
