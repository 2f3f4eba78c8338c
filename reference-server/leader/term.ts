/** Campaigning for leadership, and holding it: from the lease that was taken to the moment it can no longer be counted on. */
import { randomUUID } from "node:crypto";
import { monotonicMs, sleep } from "../clock.ts";
import type { Database } from "../store/postgres.ts";
import { type Candidate, releaseLease, renewLease, takeLease } from "./lease.ts";

/** A leader stops this long before its lease ends in the database (ms). */
const marginMs = 500;

/** The lease could not be renewed in time or was taken: whoever led must stop at once. */
class LeadershipLost extends Error {}

/** One time of leading. Disposing gives it up. */
export interface Term extends AsyncDisposable {
  /** Larger than that of every leader before. */
  readonly token: number;
  /** Fires with LeadershipLost. */
  readonly lost: AbortSignal;
}

function hold(db: Database, candidate: Candidate, token: number, takenAtMs: number): Term {
  const { name, leaseMs } = candidate;
  const lost = new AbortController();
  let untilMs = 0;
  let expiry: NodeJS.Timeout | undefined;
  const lose = (why: string): void => lost.abort(new LeadershipLost(`Leadership of ${name} (token ${token}) was lost: ${why}.`));
  const holdFrom = (sentAtMs: number): void => {
    untilMs = sentAtMs + leaseMs - marginMs;
    clearTimeout(expiry);
    expiry = setTimeout(lose, Math.max(0, untilMs - monotonicMs()), "the lease could not be renewed in time");
  };
  holdFrom(takenAtMs);
  const renew = async (): Promise<void> => {
    const sentAtMs = monotonicMs();
    // A process that was stopped must not renew what it had already lost.
    if (lost.signal.aborted || sentAtMs > untilMs) return;
    try {
      if (!(await renewLease(db, candidate, token))) lose("somebody else leads");
      else if (monotonicMs() <= untilMs) holdFrom(sentAtMs);
    } catch {
      // The next renewal may come through; if none does, the lease ends.
    }
  };
  const renewals = setInterval(() => void renew(), leaseMs / 4);
  return {
    token,
    lost: lost.signal,
    async [Symbol.asyncDispose]() {
      clearInterval(renewals);
      clearTimeout(expiry);
      await releaseLease(db, candidate, token);
    },
  };
}

/** Waits until this instance leads `name`, for as long as it takes. Rejects with the signal's reason. */
export async function campaign(db: Database, seat: Omit<Candidate, "holder">, signal: AbortSignal): Promise<Term> {
  const candidate = { ...seat, holder: randomUUID() };
  for (;;) {
    signal.throwIfAborted();
    const sentAtMs = monotonicMs();
    // The database may be away: then nobody is elected, and the next try may find it.
    const token = await takeLease(db, candidate).catch(() => undefined);
    if (token !== undefined) {
      const term = hold(db, candidate, token, sentAtMs);
      if (!signal.aborted) return term;
      await term[Symbol.asyncDispose]();
    }
    await sleep((seat.leaseMs / 4) * (0.75 + Math.random() / 2), signal);
  }
}
