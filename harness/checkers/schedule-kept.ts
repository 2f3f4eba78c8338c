/** Whether the open-model load was offered as scheduled: a dropped iteration is a request that a slow system was spared. */
import type { Checker } from "../core/verdict.ts";
import { assume } from "./judge.ts";

/**
 * The generator dropped no iteration. Dropped ones are missing from every ratio, and shift the intended start of all later ones, from which
 * latency is counted.
 */
export function scheduleKept({ dropped }: { readonly dropped: number }): Checker {
  return ({ operations, scheduledPerSecond, endsAt }) => {
    const found =
      dropped === 0
        ? []
        : [{ time: endsAt, text: `the load generator dropped ${dropped} of the operations that ${scheduledPerSecond}/s asked for.` }];
    const text = { holds: "The load generator dropped no operation.", nothing: "No operation was made." };
    return assume("the schedule was kept", operations.length, found, text, { dropped });
  };
}
