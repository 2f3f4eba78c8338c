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
  readonly all: Set<Attempt>;
  /** Stops every attempt whose lease has run out. Others may take those runs soon, whatever comes back to life in between. */
  expire(): void;
  /** Throws AttemptAborted unless the attempt may go on now. Called before every effect, because the process may just have been resumed. */
  assertHeld(attempt: Attempt): void;
}

/** `leaseMs`: how long after its last renewal an attempt may go on; shorter than the time-out after which others take the run. */
export function activeAttempts(leaseMs: number): ActiveAttempts {
  const all = new Set<Attempt>();
  const expireOne = (attempt: Attempt): void => {
    if (!attempt.stop.signal.aborted && monotonicMs() - attempt.renewedAtMs > leaseMs) attempt.stop.abort(new AttemptAborted("lease lost"));
  };
  return {
    all,
    expire() {
      for (const attempt of all) expireOne(attempt);
    },
    assertHeld(attempt) {
      expireOne(attempt);
      attempt.stop.signal.throwIfAborted();
    },
  };
}
