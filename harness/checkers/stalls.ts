/**
 * When a process had no processor for so long that nobody can tell it from one that was stopped: by its own timers, and by the looks at it that it did not answer. On a
 * machine that is busy with something else such a process loses its leases, as it should, and what follows is not its fault.
 */
import type { FaultEvent, Sample } from "../core/records.ts";
import type { Evidence } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";

export interface Stall {
  readonly from: number;
  readonly to: number;
}

/** Everybody is looked at twice a second; a look or two may be lost (ms). */
const looksMs = 500;
const leastMs = 1500;

const known = new WeakMap<readonly Sample[], ReadonlyMap<string, readonly Stall[]>>();

/** Of each source of samples that tell its timer lag: the longest times for which it may not have run. The answer is kept for as long as the samples are. */
function stallsOf(samples: readonly Sample[]): ReadonlyMap<string, readonly Stall[]> {
  const kept = known.get(samples);
  if (kept) return kept;
  const answered = samples.filter(({ values }) => values.lagMs !== undefined);
  const all = new Map<string, readonly Stall[]>();
  for (const [source, looks] of Map.groupBy(answered, (sample) => sample.source)) {
    const inOrder = [...looks].sort((a, b) => a.time - b.time);
    const stalls: Stall[] = [];
    for (const [i, { time, values }] of inOrder.entries()) {
      const before = inOrder[i - 1];
      // A process that has been started since was not silent, it was not there.
      const silentMs = before?.values.startedAtMs === values.startedAtMs ? time - (before?.time ?? time) : 0;
      const longestMs = Math.max(values.lagMs ?? 0, silentMs >= leastMs ? silentMs : 0);
      if (longestMs > 0) stalls.push({ from: time - longestMs - looksMs, to: time });
    }
    all.set(source, stalls);
  }
  known.set(samples, all);
  return all;
}

/** Faults that stop a process themselves: what they excuse is known. */
const stopping: readonly string[] = ["pause", "slow-instance"];

/** Whether the instance may not have run for `forMs` at a stretch that touches the time from `from` to `to`, without a fault that stopped it. */
export function mayHaveStalled(
  { samples, faults }: Pick<Evidence, "samples" | "faults">,
  instance: string,
  from: number,
  to: number,
  forMs: number,
): boolean {
  const stalls = (stallsOf(samples).get(instance) ?? []).filter(
    (stall) => stall.from <= to && stall.to >= from && stall.to - stall.from - looksMs >= forMs,
  );
  if (stalls.length === 0) return false;
  const stops = injectionsOf(faults).filter(({ fault, on }) => on === instance && stopping.includes(fault));
  return stalls.some((stall) => !stops.some(({ requestedAt, healedAt }) => requestedAt <= stall.to && healedAt >= stall.from));
}

/** Whether the recorder may have stamped two reports in the wrong order that came `apartMs` apart about this time. */
export function recorderMayHaveStalled(evidence: Pick<Evidence, "samples" | "faults">, time: number, apartMs: number): boolean {
  return mayHaveStalled(evidence, "harness", time - looksMs, time + apartMs + looksMs, Math.max(apartMs, 1));
}

/** An instance that was stopped or has just been started is late for a reason; so long after that it is not (ms). */
const recoveredMs = 2000;

/**
 * The largest timer lag (ms) of the harness, and of instances when no fault of their own explains it, that touches the time between two moments. A reading tells of
 * the time since its source's reading before it. Undefined: nobody measured any then.
 */
export function worstLagMs(samples: readonly Sample[], faults: readonly FaultEvent[], from: number, to: number): number | undefined {
  const own = injectionsOf(faults);
  const explained = ({ source, time }: Sample): boolean =>
    own.some((one) => (one.on === source || one.fault === "scale") && one.requestedAt <= time && time <= one.healedAt + recoveredMs);
  const before = new Map<string, number>();
  let worst: number | undefined;
  for (const sample of samples) {
    const { lagMs } = sample.values;
    if (lagMs === undefined) continue;
    const since = Math.min(before.get(sample.source) ?? sample.time, sample.time - lagMs - looksMs);
    before.set(sample.source, sample.time);
    if (sample.time >= from && since <= to && !explained(sample)) worst = Math.max(worst ?? 0, lagMs);
  }
  return worst;
}
