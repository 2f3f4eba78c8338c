/**
 * The only way to the database: a pool, and one place where a statement that met a transient error is sent again.
 * Every statement is autocommit and safe to repeat: guarded by a unique key, an attempt number or a token, and read back when the guard refuses.
 */
import pg from "pg";
import type { Logger } from "pino";
import { monotonicMs, settledWithin, sleep } from "../clock.ts";
import { startBreaker } from "./breaker.ts";
import { connectionSurvives, isTransient, PoolExhausted, Unavailable } from "./transient.ts";

/** How soon Postgres notices, while it works on a statement, that its client has gone (HA-5). */
const goneWithinMs = 100;
const connectTimeoutMs = 1000;
const queryTimeoutMs = 5000;
const firstPauseMs = 10;
const longestPauseMs = 250;
/** Callers that may wait for a connection at once. */
const waitingLimit = 10_000;
const awayMessage = "The database has been away for longer than callers are kept waiting.";

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type Row = Readonly<Record<string, unknown>>;

export interface Database extends AsyncDisposable {
  /**
   * Sends the statement until it is answered, at most until `untilMs` (monotonic; default: now + the outage budget). Throws Unavailable after that,
   * and at once when the database has been away for longer than the budget already; PoolExhausted when others kept the connections.
   */
  query<R extends Row>(sql: string, values: readonly unknown[], untilMs?: number): Promise<R[]>;
  /** Sends the statement once. An error may come after it took effect. */
  once<R extends Row>(sql: string, values: readonly unknown[], timeoutMs?: number): Promise<R[]>;
  /** When a caller that starts now has to have its answer (monotonic ms). */
  deadlineMs(): number;
  gauges(): PoolGauges;
  /** Whether Postgres is known to be there: it answered somebody within the last `withinMs`, and no outage is going on. */
  answeredWithin(withinMs: number): boolean;
}

interface PoolGauges {
  /** Connections in use or being opened. */
  readonly checkedOut: number;
  readonly idle: number;
  /** Of both, those beyond the pool's size. */
  readonly overflow: number;
  /** Callers without a connection. */
  readonly waiting: number;
  /** Connections there may be at most. */
  readonly limit: number;
  /** The database has been away for longer than the budget: callers are told at once. */
  readonly breakerOpen: boolean;
}

interface DatabaseOptions {
  readonly url: string;
  readonly instanceId: string;
  readonly poolSize: number;
  readonly poolOverflow?: number;
  readonly poolTimeoutMs?: number;
  readonly poolRecycleMs?: number;
  /** Asked for every new connection before its first use; rejecting refuses it. */
  readonly admit?: (client: pg.ClientBase) => Promise<void>;
  readonly outageBudgetMs: number;
  readonly log: Logger;
}

const names = new Map<string, string>();

/** Each statement is prepared once by each connection: planning costs Postgres more than most of them. Their texts are constants, so they are few. */
function nameOf(sql: string): string {
  const name = names.get(sql) ?? `s${names.size}`;
  names.set(sql, name);
  return name;
}

function jittered(ms: number): number {
  return ms * (0.5 + Math.random());
}

const settings = {
  // A statement that waits for a lock outlives the client that gave it up, and its session would stand beside the one that the pool opens in its place.
  client_connection_check_interval: goneWithinMs,
  // Rows are looked up by indexes. A plan is kept as long as the session, and one that was made for an empty table reads the whole of it whatever it has become since.
  enable_seqscan: "off",
  // What has to be read whole all the same then looks dear enough to be compiled, which costs more than it saves.
  jit: "off",
} as const;

/** Settings of every session, in and outside the pool. `application_name` tells an audit trail who wrote. */
export function sessionConfig(url: string, instanceId: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: instanceId,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 1000,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(" "),
    // Longer than the client waits: it only ends what no client waits for any more.
    statement_timeout: queryTimeoutMs + 1000,
  };
}

/** Opens the pool; connects with the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, instanceId, poolSize, poolOverflow = 0, poolTimeoutMs = 2000, poolRecycleMs = 0, admit, outageBudgetMs, log } = options;
  const limit = poolSize + poolOverflow;
  const session = sessionConfig(url, instanceId);
  // The pool has one time-out for waiting and for connecting: its clients get the shorter one of their own.
  const Client = function connectQuickly() {
    const client = new pg.Client(session);
    // Whoever sends on it is told by his statement. But Postgres may end a session in the same packet that begins it, when nobody has sent anything: without a listener the process would end.
    client.on("error", () => {});
    return client;
  } as unknown as new () => pg.Client;
  const pool = new pg.Pool({
    Client,
    max: limit,
    connectionTimeoutMillis: poolTimeoutMs,
    idleTimeoutMillis: 60_000,
    maxLifetimeSeconds: poolRecycleMs / 1000,
    ...(admit ? { onConnect: admit } : {}),
  });
  // An idle connection died. The pool has dropped it already.
  pool.on("error", (error) => log.info({ reason: error.message }, "an idle database connection was closed"));

  const breaker = startBreaker(outageBudgetMs, async () => {
    try {
      await sendOnce("select 1", [], connectTimeoutMs);
      return true;
    } catch (error) {
      return !isTransient(error);
    }
  });

  const checkOut = async (withinMs: number): Promise<pg.PoolClient> => {
    if (pool.waitingCount >= waitingLimit) throw new PoolExhausted(`More than ${waitingLimit} callers wait for a database connection.`);
    const startedMs = monotonicMs();
    const pending = pool.connect();
    if (await settledWithin(pending, withinMs)) {
      return pending.catch((error) => {
        // The connections were there and at work: this is no outage, and trying again would only add to it.
        if (/^timeout exceeded/.test(error?.message) && breaker.answeredAtMs() > startedMs && !breaker.isRecovering())
          throw new PoolExhausted(`No database connection became free within ${poolTimeoutMs} ms.`, { cause: error });
        throw error;
      });
    }
    pending.then(
      (late) => late.release(),
      () => {},
    );
    throw new Error("timeout exceeded when trying to connect");
  };

  // Those that are being opened count for the pool, and not here: to close a connection that is there, because others are on their way, is to open one for every statement and never to recover from a crowd.
  const opened = new Set<pg.PoolClient>();
  pool.on("connect", (client) => void opened.add(client));
  pool.on("remove", (client) => void opened.delete(client));
  const giveBack = (client: pg.PoolClient): void => {
    const isSpare = opened.size > poolSize && pool.waitingCount === 0;
    if (isSpare) opened.delete(client);
    client.release(isSpare);
  };

  const sendOnce = async <R extends Row>(sql: string, values: readonly unknown[], timeoutMs: number): Promise<R[]> => {
    const startedMs = monotonicMs();
    const client = await checkOut(Math.min(poolTimeoutMs, timeoutMs));
    try {
      const left = Math.max(50, timeoutMs - (monotonicMs() - startedMs));
      const result = await client.query({
        name: nameOf(sql),
        text: sql,
        values: [...values],
        query_timeout: Math.min(queryTimeoutMs, left),
      } as pg.QueryConfig);
      giveBack(client);
      breaker.answered();
      return result.rows as R[];
    } catch (error) {
      if (connectionSurvives(error)) {
        giveBack(client);
        breaker.answered();
      } else {
        client.release(true);
      }
      throw error;
    }
  };

  const once = async <R extends Row>(sql: string, values: readonly unknown[], timeoutMs = queryTimeoutMs): Promise<R[]> => {
    if (breaker.isOpen()) throw new Unavailable(awayMessage);
    return sendOnce<R>(sql, values, timeoutMs);
  };

  const deadlineMs = (): number => monotonicMs() + outageBudgetMs;

  const query = async <R extends Row>(sql: string, values: readonly unknown[], untilMs = deadlineMs()): Promise<R[]> => {
    if (breaker.isOpen()) throw new Unavailable(awayMessage);
    let cause: unknown;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const leftMs = untilMs - monotonicMs();
      const outage = breaker.outage();
      if ((outage && !(await settledWithin(outage, leftMs))) || (cause && monotonicMs() >= untilMs)) {
        const reason = cause instanceof Error ? cause.message : "it is away since before";
        throw new Unavailable(`The database did not answer in time: ${reason}.`, { cause });
      }
      const sentAtMs = monotonicMs();
      try {
        return await sendOnce<R>(sql, values, Math.max(50, untilMs - sentAtMs));
      } catch (error) {
        if (error instanceof PoolExhausted) throw error;
        if (!isTransient(error)) throw error;
        cause = error;
        if (!connectionSurvives(error)) breaker.failed(sentAtMs);
        await sleep(Math.min(jittered(pauseMs), Math.max(0, untilMs - monotonicMs())));
      }
    }
  };

  return {
    query,
    once,
    deadlineMs,
    gauges: () => ({
      checkedOut: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      overflow: Math.max(0, pool.totalCount - poolSize),
      waiting: pool.waitingCount,
      limit,
      breakerOpen: breaker.isOpen(),
    }),
    answeredWithin: (withinMs) => breaker.outage() === undefined && monotonicMs() - breaker.answeredAtMs() <= withinMs,
    async [Symbol.asyncDispose]() {
      breaker[Symbol.dispose]();
      await settledWithin(pool.end(), 2000);
    },
  };
}
