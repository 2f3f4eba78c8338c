/** The attempts this instance is executing, and the leases it holds on them by its own monotonic clock. */
import { monotonicMs } from "../clock.ts";
import type { ClaimedRun } from "./claim.ts";

/** Why an attempt ends before its run does. */
export type AbortReason = "lease lost" | "taken away" | "draining";

export class AttemptAborted extends Error {
  readonly reason: AbortReason;
  constructor(reason: AbortReason) {
    super(`The attempt was stopped: ${reason}.`);
    this.reason = reason;
  }
}

export interface Attempt {
  readonly run: ClaimedRun;
  /** Fires with an AttemptAborted; everything the attempt waits for listens to it. */
  readonly stop: AbortController;
  /** When the last successful heartbeat was sent (monotonic ms); before the first, when the claim was sent. */
  renewedAtMs: number;
}

export interface ActiveAttempts {
  readonly all: ReadonlySet<Attempt>;
  /** From now on the attempt is stopped when its lease runs out: others may take its run soon, whatever comes back to life in between. */
  begin(attempt: Attempt): void;
  end(attempt: Attempt): void;
  /** Whether the lease still runs. */
  isHeld(attempt: Attempt): boolean;
  /** A heartbeat sent at `sentAtMs` was answered. It comes too late for a lease that has run out meanwhile. */
  renew(attempt: Attempt, sentAtMs: number): void;
  /** Throws AttemptAborted unless the attempt may go on now. */
  assertHeld(attempt: Attempt): void;
}

/** `leaseMs`: how long after its last renewal an attempt may go on; shorter than the time-out after which others take the run. */
export function activeAttempts(leaseMs: number): ActiveAttempts {
  const expiries = new Map<Attempt, NodeJS.Timeout>();
  const all = new Set<Attempt>();
  const isHeld = ({ stop, renewedAtMs }: Attempt): boolean => !stop.signal.aborted && monotonicMs() - renewedAtMs <= leaseMs;
  const lose = ({ stop }: Attempt): void => stop.abort(new AttemptAborted("lease lost"));
  const watch = (attempt: Attempt): void => {
    clearTimeout(expiries.get(attempt));
    expiries.set(attempt, setTimeout(lose, Math.max(0, attempt.renewedAtMs + leaseMs - monotonicMs()), attempt));
  };
  return {
    all,
    begin(attempt) {
      all.add(attempt);
      watch(attempt);
    },
    end(attempt) {
      all.delete(attempt);
      clearTimeout(expiries.get(attempt));
      expiries.delete(attempt);
    },
    isHeld,
    renew(attempt, sentAtMs) {
      if (!all.has(attempt) || !isHeld(attempt) || sentAtMs <= attempt.renewedAtMs) return;
      attempt.renewedAtMs = sentAtMs;
      watch(attempt);
    },
    assertHeld(attempt) {
      if (!attempt.stop.signal.aborted && !isHeld(attempt)) lose(attempt);
      attempt.stop.signal.throwIfAborted();
    },
  };
}
