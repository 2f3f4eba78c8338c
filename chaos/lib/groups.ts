/** Checkers that always decide a claim together. */
import { clientView, effectsOnce, idempotentCreates, lostRuns, noZombieWrite, oneInstancePerAttempt, oneLiveAttempt, oneTerminalTransition, successHasEffects } from "../../harness/checkers/exactly-once.ts";
import { liveRunKept, requeuedInTime } from "../../harness/checkers/requeue.ts";
import type { Checker } from "../../harness/core/verdict.ts";

/** Longest time a healthy server takes to bring a run of a crashed handler back: heartbeat time-out and sweep of the reference server. */
const recoveryMs = 6000;

/** LG-5, in the parts of SEMANTICS "Exactly-once". */
export const exactlyOnce: readonly Checker[] = [
  oneTerminalTransition,
  lostRuns({ boundMs: recoveryMs }),
  oneLiveAttempt,
  oneInstancePerAttempt,
  noZombieWrite,
  effectsOnce,
  successHasEffects,
  clientView,
  idempotentCreates,
];

/** LG-8. */
export const requeue: readonly Checker[] = [requeuedInTime, liveRunKept];
