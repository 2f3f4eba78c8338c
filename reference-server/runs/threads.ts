/** Threads: runs that are worked on one after another. Who comes when is decided under the lock of the thread's row, in one statement each. */
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Database, Row } from "../store/postgres.ts";
import { announce, type RedisLink } from "../store/redis.ts";
import { type Created, type CreateRequest, requestHash } from "./create.ts";
import { cancelledChannel, changedChannel, type RunStatus, readyChannel } from "./run.ts";

/** Unfinished runs a thread may have: whoever sends more than it works off is told so (429). */
const longestQueue = 100;
/** Runs a reader of the thread gets at most: the latest. */
const listedRuns = 100;

/** What becomes of a new run when its thread is busy: refused, put at the end, or started in place of all unfinished ones. */
export type MultitaskRule = "reject" | "enqueue" | "interrupt";

export interface Thread {
  readonly id: string;
  readonly status: "idle" | "busy";
  /** The latest, in the order in which they were accepted. */
  readonly runs: readonly { readonly id: string; readonly status: RunStatus; readonly position: number }[];
}

/** Makes the thread. False if it was there already, or an earlier send of this call, whose answer was lost, made it. */
export async function createThread(db: Database, id: string): Promise<boolean> {
  const made = await db.query("insert into threads (id) values ($1) on conflict (id) do nothing returning id", [id]);
  return made.length > 0;
}

/** The thread with its latest runs; undefined if there is none. */
export async function readThread(db: Database, id: string): Promise<Thread | undefined> {
  const rows = await db.query<Row & { thread: string; id: string | null; status: RunStatus; position: number; busy: boolean }>(
    `select threads.id as thread, run.id, run.status, run.thread_position as position,
       exists (select from runs where thread_id = $1 and status in ('pending', 'running')) as busy
     from threads left join lateral (
       select id, status, thread_position from runs where thread_id = threads.id order by thread_position desc limit $2
     ) run on true
     where threads.id = $1
     order by position`,
    [id, listedRuns],
  );
  const [first] = rows;
  if (!first) return undefined;
  const runs = rows.flatMap(({ id: run, status, position }) => (run === null ? [] : [{ id: run, status, position }]));
  return { id: first.thread, status: first.busy ? "busy" : "idle", runs };
}

interface ThreadCreated extends Created {
  /** `busy`: refused by the rule reject. `full`: too many wait already. */
  readonly outcome: "created" | "replay" | "conflict" | "busy" | "full" | "no thread";
  /** The runs that were cancelled for this one, committed together with it. */
  readonly interrupted: readonly string[];
}

/**
 * Accepts a run in the thread; sent twice, it is accepted once. Under the rule `interrupt` the cancellation is committed with the new run,
 * and the handler that it takes a run from learns of it as of any cancellation: within milliseconds with Redis, up to half a second without.
 * Until then it works on, beside the new run's: it may begin further steps, whose external effects happen. Nothing it writes counts.
 */
export async function createThreadRun(
  db: Database,
  redis: RedisLink,
  threadId: string,
  rule: MultitaskRule,
  request: CreateRequest,
): Promise<ThreadCreated> {
  const id = randomUUID();
  const { key, agentId, input, traceparent, webhook } = request;
  const [created] = await db.query<ThreadCreated>("select * from create_thread_run($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", [
    id,
    threadId,
    key ?? `none:${id}`,
    requestHash(request, [threadId, rule]),
    agentId ?? null,
    JSON.stringify(input),
    traceparent ?? null,
    webhook ?? null,
    rule,
    longestQueue,
  ]);
  if (!created) throw new Error("create_thread_run answered nothing. It must answer one row.");
  for (const run of created.interrupted) {
    announce(redis, cancelledChannel, run);
    announce(redis, changedChannel, run);
  }
  if (created.outcome === "created") announce(redis, readyChannel, created.id);
  return created;
}

/** A run of the thread has ended, and that is committed: the next one may begin. True if there was one to release. */
export async function releaseNext(db: Database, redis: RedisLink, threadId: string): Promise<boolean> {
  const [next] = await db.query<Row & { id: string | null }>("select release_next($1) as id", [threadId]);
  if (!next?.id) return false;
  announce(redis, readyChannel, next.id);
  return true;
}

/** Releases what nobody released because the instance that ended the run before it died in between. */
export async function releaseForgotten(db: Database, redis: RedisLink, log: Logger): Promise<void> {
  const forgotten = await db.query<Row & { thread_id: string }>(
    `select distinct thread_id from runs held
     where status = 'pending' and available_at = 'infinity'
       and not exists (
         select from runs where thread_id = held.thread_id and status in ('pending', 'running') and available_at < 'infinity'
       )
     limit 100`,
    [],
  );
  for (const { thread_id } of forgotten) {
    if (await releaseNext(db, redis, thread_id)) log.info({ thread: thread_id }, "released the next run of a thread, which nobody had");
  }
}
