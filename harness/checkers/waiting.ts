/** Whether there was more work than hands: runs waiting for an instance. */
import type { Evidence } from "../core/verdict.ts";
import { inOrder } from "./sections.ts";

/**
 * The fewest runs that were pending at any time of a window: from the audit trail, else 0 or 1 from the sampled age of the oldest waiting run; NaN
 * when neither was recorded.
 */
export function leastWaiting(evidence: Evidence): (from: number, to: number) => number {
  if (evidence.transitions.length > 0) {
    const changes: { readonly time: number; readonly pending: number }[] = [];
    let pending = 0;
    for (const { time, from, to } of inOrder(evidence.transitions)) {
      const change = (to === "pending" ? 1 : 0) - (from === "pending" ? 1 : 0);
      if (change === 0) continue;
      pending += change;
      changes.push({ time, pending });
    }
    return (from, to) => {
      let before = 0;
      let least = Number.POSITIVE_INFINITY;
      for (const change of changes) {
        if (change.time < from) before = change.pending;
        else if (change.time < to) least = Math.min(least, change.pending);
      }
      return Math.min(before, least);
    };
  }
  const ages = evidence.samples.filter((sample) => sample.source === "backlog");
  return (from, to) => {
    const seen = ages.filter(({ time }) => time >= from && time < to).map((sample) => (Number(sample.values.oldestMs) > 0 ? 1 : 0));
    return seen.length === 0 ? Number.NaN : Math.min(...seen);
  };
}
