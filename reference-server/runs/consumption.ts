/** Whether this instance really takes work: a worker that lives, answers and consumes nothing must not look healthy (FR-7). */
import { monotonicMs } from "../clock.ts";

/** Without a look at the queue for this long something is wrong: ten polls, or one statement that was given up (ms). */
const silentMs = 6000;

export interface Consumption {
  /** The queue was looked at, or every slot is in use. */
  looked(): void;
  isGoing(): boolean;
}

/** Not going until the first look; then for `withinMs` after each. */
export function watchConsumption(withinMs = silentMs): Consumption {
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  return {
    looked() {
      lookedAtMs = monotonicMs();
    },
    isGoing: () => monotonicMs() - lookedAtMs <= withinMs,
  };
}
