/** HA-22: what is read near by is read faster than what is read from the primary in the other region. */
import type { Operation } from "../core/history.ts";
import { tookMs } from "../core/history.ts";
import { median } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { ms } from "./judge.ts";
import { field } from "./trail.ts";

const leastReads = 100;
/** A replica that was away has to catch up first (ms). */
const afterMs = 5000;
/** A difference that small says nothing (ms). */
const leastMs = 5;

export interface NearIsFasterOptions {
  /** The operations that a replica may answer, and those that the primary answers. */
  readonly near: string;
  readonly far: string;
  /** The region without the primary. */
  readonly region: string;
}

/** Compares medians of reads of the same clients at the same time, outside of all faults. */
export function nearIsFaster({ near, far, region }: NearIsFasterOptions): Checker {
  return ({ operations, faults }) => {
    const disturbed = injectionsOf(faults);
    const calm = ({ invokedAt, answeredAt }: Operation): boolean =>
      disturbed.every(({ requestedAt, healedAt }) => answeredAt < requestedAt || invokedAt > healedAt + afterMs);
    const reads = operations.filter((one) => one.outcome === "ok" && field(one.input, "region") === region && calm(one));
    const times = (f: string): number[] => reads.filter((one) => one.f === f).map(tookMs);
    const [local, distant] = [times(near), times(far)];
    const [nearMs, farMs] = [median(local), median(distant)];
    const found: Counterexample[] = [];
    if (nearMs >= farMs) {
      const text = `half of ${local.length} reads near region ${region} took ${ms(nearMs)} or more, and half of ${distant.length} reads from the primary ${ms(farMs)} or more.`;
      found.push({ time: 0, text });
    }
    const enough = Math.min(local.length, distant.length) >= leastReads && Math.abs(farMs - nearMs) >= leastMs;
    const text = {
      holds: `Reads near region ${region} took ${ms(nearMs)}, reads from the primary ${ms(farMs)} (medians of ${local.length} and ${distant.length}).`,
      nothing: `${local.length} reads near region ${region} and ${distant.length} from the primary are too few, or differ too little, to tell which are faster.`,
    };
    const numbers = Number.isFinite(nearMs - farMs) ? { nearMs, farMs } : {};
    return conclude("near reads are faster", enough ? reads.length : 0, enough ? found : [], text, numbers);
  };
}
