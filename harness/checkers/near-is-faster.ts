/** HA-22: what is read near by is read faster than what is read from the primary in the other region. */
import { type Operation, tookMs } from "../core/history.ts";
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

/** A read from the primary that takes that long (ms) was kept by the machine and not by the way: what has more to do near by is then slower rightly. */
const slowMs = 150;

export interface NearIsFasterOptions {
  /** The operations that a replica may answer, and those that the primary answers. */
  readonly near: string;
  readonly far: string;
  /** The region without the primary. */
  readonly region: string;
}

/**
 * Compares medians of reads of the same clients at the same time, outside of all faults. Near reads that are slower violate where most of them came from the primary after all
 * (output `from`); slow answers of a replica decide nothing.
 */
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
    const nearReads = reads.filter(({ f }) => f === near);
    const fromAfar = nearReads.filter(({ output }) => field(output, "from") === "primary").length;
    if (nearMs >= farMs && 2 * fromAfar > nearReads.length) {
      const text = `${fromAfar} of ${nearReads.length} near reads came from the primary: half of ${local.length} reads near region ${region} took ${ms(nearMs)} or more, and half of ${distant.length} reads from the primary ${ms(farMs)} or more.`;
      found.push({ time: 0, text });
    }
    const told = farMs < slowMs && Math.abs(farMs - nearMs) >= leastMs && (nearMs < farMs || found.length > 0);
    const enough = Math.min(local.length, distant.length) >= leastReads && told;
    const text = {
      holds: `Reads near region ${region} took ${ms(nearMs)}, reads from the primary ${ms(farMs)} (medians of ${local.length} and ${distant.length}).`,
      nothing: `${local.length} reads near region ${region} and ${distant.length} from the primary are too few, or differ too little, to tell which are faster.`,
    };
    const numbers = Number.isFinite(nearMs - farMs) ? { nearMs, farMs } : {};
    return conclude("near reads are faster", enough ? reads.length : 0, enough ? found : [], text, numbers);
  };
}
