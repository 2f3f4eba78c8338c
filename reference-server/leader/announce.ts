/**
 * Telling administrators of a failover (HA-18): at least once, by the instance that is active, until the receiver says 2xx. What a successor did not get to tell is told by
 * the next one; the receiver knows repeats by their Idempotency-Key.
 */
import type { Logger } from "pino";
import { settledWithin, sleep } from "../clock.ts";
import type { Database, Row } from "../store/postgres.ts";

/** Between two looks for what is to be told (ms). */
const everyMs = 1000;
/** A receiver that has not answered by then is asked again (ms). */
const answerWithinMs = 5000;

interface Failover extends Row {
  readonly token: number;
  readonly name: string;
  readonly former: string;
  readonly successor: string;
  readonly at: Date;
}

async function tell(url: string, { token, name, former, successor, at }: Failover, stop: AbortSignal): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": `failover-${token}` },
    body: JSON.stringify({ event: "failover", what: name, from: former, to: successor, at: at.toISOString(), token }),
    redirect: "manual",
    signal: AbortSignal.any([stop, AbortSignal.timeout(answerWithinMs)]),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The receiver answered ${response.status}.`);
}

/** Tells `url` of every failover of the seat `name` that nobody was told of, the oldest first, until disposed. Only the one who has the seat does, so nobody is told twice. */
export function startAnnouncing(db: Database, { name, url }: { readonly name: string; readonly url: string }, log: Logger): AsyncDisposable {
  const stop = new AbortController();
  const look = async (): Promise<void> => {
    const untold = await db.query<Failover>(
      "select token, name, former, successor, at from failovers where name = $1 and told_at is null order by token",
      [name],
    );
    for (const failover of untold) {
      await tell(url, failover, stop.signal);
      await db.query("update failovers set told_at = clock_timestamp() where token = $1", [failover.token]);
      log.info({ token: failover.token, from: failover.former }, "told of a failover");
    }
  };
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await look().catch((error) => log.warn({ reason: String(error) }, "a failover is not told yet"));
      await sleep(everyMs, stop.signal).catch(() => {});
    }
  };
  const looking = loop();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await settledWithin(looking, answerWithinMs);
    },
  };
}
