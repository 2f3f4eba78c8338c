/** Whether processors were at their end: of what instances could have done on them, nothing is decided then (SEMANTICS, HS-1). */
import type { Sample } from "../core/records.ts";
import { median } from "../core/stats.ts";
import type { Check } from "../core/verdict.ts";

/** Where no more than this is left, whoever wants a processor waits for one. */
export const saturatedShare = 0.95;
/** A shorter look than this at both sides of a moment has too few readings (ms). */
export const leastLookMs = 2000;

export interface Saturation {
  readonly samples: readonly Sample[];
  readonly from: number;
  readonly to: number;
  /** Whose timers are looked at. */
  readonly instances: (source: string) => boolean;
  /** Timers that lag by more than this half of the time explain a shortfall by themselves (ms). */
  readonly lagMs: number;
}

/**
 * In words, why a rate that instances reached between two times says nothing of the instances: the machine's processors had no time left, or the instances'
 * timers lagged, which is all that can be seen of a limit that is set for a group of processes. Undefined: it does say something.
 */
export function saturated({ samples, from, to, instances, lagMs }: Saturation): string | undefined {
  const busy = busyFor(samples, from, to);
  if (busy !== undefined) return busy;
  const lags = samples.flatMap(({ source, time, values }) =>
    time >= from && time < to && values.lagMs !== undefined && instances(source) ? [values.lagMs] : [],
  );
  const lag = lags.length === 0 ? 0 : median(lags);
  return lag > lagMs ? `timers of these instances lagged by ${lag.toFixed(0)} ms half of the time` : undefined;
}

/** The share of the time between two times for which the machine's processors were busy; NaN: nobody looked. */
export function busyShare(samples: readonly Sample[], from: number, to: number): number {
  let ticks = 0;
  let busy = 0;
  for (const { source, time, values } of samples) {
    if (source !== "machine" || time < from || time > to) continue;
    ticks += values.processorTicks ?? 0;
    busy += values.busyTicks ?? 0;
  }
  return ticks === 0 ? Number.NaN : busy / ticks;
}

/** In words, that the machine's processors had no time left between two times. Undefined: they had, or nobody looked. */
export function busyFor(samples: readonly Sample[], from: number, to: number): string | undefined {
  const share = busyShare(samples, from, to);
  return share >= saturatedShare
    ? `the machine's processors were busy for ${(100 * share).toFixed(0)} % of the time, for this run or for others`
    : undefined;
}

/** A miss decides nothing where the machine's processors had no time left within `aroundMs` of each of its counterexamples, and for as long as each was seen. */
export function unlessSaturated({ samples }: { readonly samples: readonly Sample[] }, aroundMs: number, check: Check): Check {
  return unlessExcused(check, (time, until) => busyAbout(samples, aroundMs, time, until));
}

/** `busyFor` about a moment, or about some time. */
export function busyAbout(samples: readonly Sample[], aroundMs: number, time: number, until = time): string | undefined {
  const width = Math.max(aroundMs, leastLookMs);
  return busyFor(samples, time - width, until + width);
}

/** An accusation stands on the counterexamples that nothing excuses, and decides nothing where there is none. */
export function unlessExcused(check: Check, excuse: (time: number, until: number) => string | undefined): Check {
  if (check.verdict !== "violated") return check;
  const reasons = check.counterexamples.map(({ time, until = time }) => excuse(time, until));
  const standing = check.counterexamples.filter((_, i) => reasons[i] === undefined);
  const [first] = standing;
  if (first === undefined) return decidesNothing(check, reasons[0]);
  if (reasons[0] === undefined) return { ...check, counterexamples: standing };
  return { ...check, counterexamples: standing, summary: `${first.text}${check.count > 1 ? ` (${check.count - 1} more)` : ""}` };
}

export function decidesNothing(check: Check, reason: string | undefined): Check {
  if (reason === undefined) return check;
  const summary = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}, so this decides nothing: ${check.summary}`;
  return { ...check, verdict: "inconclusive", summary };
}
