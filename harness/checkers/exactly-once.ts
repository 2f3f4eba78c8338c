/** LG-5: the checks that together decide "each run is executed exactly once" (SEMANTICS, "Exactly-once"); each property is a file. */
import type { Checker } from "../core/verdict.ts";
import { clientView } from "./client-view.ts";
import { dispatchedToClaimant } from "./dispatch.ts";
import { effectsOnce, successHasEffects } from "./effects.ts";
import { idempotentCreates } from "./idempotent-creates.ts";
import { lostRuns } from "./lost-runs.ts";
import { oneInstancePerAttempt, oneLiveAttempt } from "./one-live-attempt.ts";
import { oneTerminalTransition } from "./one-terminal.ts";
import { runsAccountedFor } from "./run-counts.ts";
import { noZombieWrite } from "./zombie-write.ts";

/** `boundMs`: the longest a run may take once nothing disturbs it, waiting included (ms); see `lostRuns`. */
export function exactlyOnce(options: { readonly boundMs: number }): readonly Checker[] {
  return [
    // Terminal status.
    oneTerminalTransition,
    lostRuns(options),
    runsAccountedFor(options),
    // Dispatch.
    dispatchedToClaimant,
    oneInstancePerAttempt,
    // Execution.
    oneLiveAttempt,
    noZombieWrite,
    // Effect.
    effectsOnce,
    successHasEffects,
    // What clients see.
    clientView,
    idempotentCreates,
  ];
}
