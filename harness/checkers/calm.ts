/** The times at which no fault explains anything. */
import type { Evidence } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";

/** Of what a nemesis does, that which disturbs nobody. */
const looks: readonly string[] = ["await-answers"];
/** What a fault set in motion may go on for so long after its heal (ms). */
const aftermathMs = 3000;

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The stretches from `from` to the end of the record without a fault, in the order of time. A change of the topology (`scale`) lasts until it is done. */
export function calmStretches(evidence: Evidence, from = 0): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let since = from;
  for (const { fault, requestedAt, bitingAt, healedAt } of injectionsOf(evidence.faults).filter(({ fault }) => !looks.includes(fault))) {
    if (requestedAt > since) stretches.push({ from: since, to: requestedAt });
    since = Math.max(since, (fault === "scale" ? bitingAt : healedAt) + aftermathMs);
  }
  if (since < evidence.endsAt) stretches.push({ from: since, to: evidence.endsAt });
  return stretches;
}

/** Whether one calm stretch holds all the time from `from` to `to` (ms). */
export function isCalm(stretches: readonly Stretch[], from: number, to: number): boolean {
  return stretches.some((stretch) => stretch.from <= from && to <= stretch.to);
}

/** The longest of them; null for none. */
export function longest(stretches: readonly Stretch[]): Stretch | null {
  return stretches.reduce<Stretch | null>((most, one) => (most === null || one.to - one.from > most.to - most.from ? one : most), null);
}
