/**
 * Delivering webhooks from the outbox: at least once, by any queue instance, until the receiver says 2xx. What is being sent is leased, so a
 * sender that dies is replaced; the receiver knows repeats by their Idempotency-Key, which is the run's id.
 */
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { settledWithin, sleep } from "../clock.ts";
import type { Database, Row } from "../store/postgres.ts";
import { isTransient } from "../store/transient.ts";
import { isAllowed } from "./webhook.ts";

/** Looks are at least this far apart (ms). */
const leastPauseMs = 500;
/** Cover for what nobody told: how often the outbox is looked at all the same (ms). */
const coverMs = 2000;
const atOnce = 10;
/** A receiver that has not answered by then is asked again later (ms). */
const answerWithinMs = 5000;
/** Longer than an answer and the statement after it may take (ms). */
const leaseMs = 30_000;
/** The pause doubles from the first to the longest: together the attempts go on for about an hour and a half. */
const firstPauseMs = 1000;
const longestPauseMs = 15 * 60_000;
const attemptLimit = 14;

interface DueDelivery extends Row {
  readonly run_id: string;
  readonly url: string;
  readonly attempts: number;
  readonly status: string;
  readonly attempt: number;
  readonly result: object | null;
  readonly error: string | null;
  readonly thread_id: string | null;
}

const dueColumns = "delivery.run_id, delivery.url, delivery.attempts, runs.status, runs.attempt, runs.result, runs.error, runs.thread_id";

const claimSql = `
  with due as (
    select run_id from webhook_deliveries
    where status = 'pending' and available_at <= now()
    order by available_at
    limit $1
    for update skip locked
  )
  update webhook_deliveries delivery
  set attempts = delivery.attempts + 1, available_at = clock_timestamp() + make_interval(secs => $2::float8 / 1000), claim_id = $3
  from due join runs on runs.id = due.run_id
  where delivery.run_id = due.run_id and delivery.status = 'pending'
  returning ${dueColumns}`;

const readBackSql = `
  select ${dueColumns} from webhook_deliveries delivery join runs on runs.id = delivery.run_id where delivery.claim_id = $1 and delivery.status = 'pending'`;

// Received is received, whichever attempt it was.
const deliveredSql = `
  update webhook_deliveries set status = 'delivered', finished_at = clock_timestamp(), last_error = null where run_id = $1 and status = 'pending'`;

// A sender that slept through its lease has been replaced: its failure decides nothing.
const failedSql = `
  update webhook_deliveries
  set status = case when $4 then 'failed' else 'pending' end, last_error = $3, finished_at = case when $4 then clock_timestamp() end,
      available_at = clock_timestamp() + make_interval(secs => $5::float8 / 1000)
  where run_id = $1 and attempts = $2 and status = 'pending'`;

export interface DeliverContext {
  readonly db: Database;
  readonly hosts: readonly string[];
  readonly log: Logger;
  readonly onAttempt: (outcome: "delivered" | "retried" | "failed") => void;
}

/** Leases up to `free` deliveries that are due. When the answer was lost, asks what this very claim leased: nobody else would send it before the lease ends. */
async function claimDue(db: Database, free: number): Promise<DueDelivery[]> {
  const claim = randomUUID();
  try {
    return await db.once<DueDelivery>(claimSql, [free, leaseMs, claim]);
  } catch (error) {
    if (!isTransient(error)) throw error;
    return db.query<DueDelivery>(readBackSql, [claim]);
  }
}

/** Sends once. Throws with one sentence unless the receiver took it. */
async function send({ run_id, url, attempts, status, attempt, result, error, thread_id }: DueDelivery, stop: AbortSignal): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": run_id, "X-Delivery-Attempt": String(attempts) },
    body: JSON.stringify({ run_id, thread_id, status, attempt, result, error }),
    // A redirect would lead past the list of allowed hosts.
    redirect: "manual",
    signal: AbortSignal.any([stop, AbortSignal.timeout(answerWithinMs)]),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The receiver answered ${response.status}.`);
}

/** Sends once and notes what came of it. Returns after how long it is due again; undefined: it is over. */
async function deliver({ db, hosts, log, onAttempt }: DeliverContext, due: DueDelivery, stop: AbortSignal): Promise<number | undefined> {
  const { run_id, url, attempts } = due;
  const allowed = isAllowed(url, hosts);
  try {
    if (!allowed) throw new Error("The receiver's host is not among those that this server may call (WEBHOOK_HOSTS).");
    await send(due, stop);
    await db.query(deliveredSql, [run_id]);
    onAttempt("delivered");
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? String(error.cause ?? error.message).slice(0, 500) : String(error);
    const over = !allowed || attempts >= attemptLimit;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1)) * (0.5 + Math.random());
    log.info({ run: run_id, attempts, reason, over }, "webhook not delivered");
    await db.query(failedSql, [run_id, attempts, reason, over, pauseMs]);
    onAttempt(over ? "failed" : "retried");
    return over ? undefined : pauseMs;
  }
}

interface Deliveries extends AsyncDisposable {
  /** A run may have ended: something may be due. */
  wake(): void;
}

/** Delivers what is due, a few at a time, until disposed; disposing breaks off what is being sent, and somebody sends it again. */
export function startDeliveries(context: DeliverContext): Deliveries {
  const { db, log } = context;
  const stop = new AbortController();
  const sending = new Set<Promise<void>>();
  let woken = Promise.withResolvers<void>();
  const wake = (): void => woken.resolve();
  const look = async (): Promise<void> => {
    const free = atOnce - sending.size;
    if (free === 0) return;
    const claimed = await claimDue(db, free);
    for (const due of claimed) {
      const sent = deliver(context, due, stop.signal)
        // Not delivered, it is due again at this time, to whoever looks first. After a longer pause the next look is soon enough.
        .then((pauseMs) => void (pauseMs !== undefined && pauseMs < coverMs && setTimeout(wake, pauseMs).unref()))
        .catch((error) => log.warn({ run: due.run_id, reason: String(error) }, "a delivery is left to its lease"))
        .finally(() => sending.delete(sent));
      sending.add(sent);
    }
    if (claimed.length === free) wake();
  };
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      woken = Promise.withResolvers<void>();
      await look().catch((error) => log.debug({ reason: String(error) }, "deliveries were not looked at"));
      await sleep(leastPauseMs, stop.signal).catch(() => {});
      await settledWithin(woken.promise, coverMs - leastPauseMs);
    }
  };
  const looking = loop();
  return {
    wake,
    async [Symbol.asyncDispose]() {
      stop.abort();
      wake();
      await looking;
      await Promise.all(sending);
    },
  };
}
