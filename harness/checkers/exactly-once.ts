/** LG-5: the checks that together decide "each run is executed exactly once" (SEMANTICS, "Exactly-once"); each property is a file. */
export { clientView } from "./client-view.ts";
export { effectsOnce, successHasEffects } from "./effects.ts";
export { idempotentCreates } from "./idempotent-creates.ts";
export { lostRuns } from "./lost-runs.ts";
export { oneInstancePerAttempt, oneLiveAttempt } from "./one-live-attempt.ts";
export { oneTerminalTransition } from "./one-terminal.ts";
export { noZombieWrite } from "./zombie-write.ts";
