/** HS-1: more instances carry more load: requests that take their time and of which each instance takes so many at once (SEMANTICS: on saturated cores nothing is decided). */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";
import { saturated } from "./saturation.ts";

export interface CapacityOptions {
  /** The operation whose answers are counted. */
  readonly f: string;
  /** The change, whose record says how many instances there are from then on: a file in `harness/faults/`. */
  readonly fault: string;
  /** How much less than linear still counts as growing: 0.25. */
  readonly tolerance: number;
  /** Left out at the start of each window, while what was under way ends (ms). */
  readonly settleMs: number;
  /** How long an answer takes at least (ms): where timers lag by a fifth of it half of the time, cores decide instead of limits. */
  readonly serviceMs: number;
}

interface Window {
  readonly instances: number;
  readonly from: number;
  readonly to: number;
  readonly served: number;
  readonly unserved: number;
}

/** A window that left a smaller share of what it was asked unserved had no more to do than it could. */
const fullShare = 0.05;
/** Who has no answer after so many times as long as one takes was left unserved. */
const patience = 10;

/**
 * Of operations `f`, how many were served from `from` to `to`, and how many not: refused, failed, or wanted early enough and left without an answer. A size that fails
 * or hangs where others refuse is no less full.
 */
export function servedOf(
  operations: readonly Operation[],
  { f, serviceMs }: { readonly f: string; readonly serviceMs: number },
  from: number,
  to: number,
): { readonly served: number; readonly unserved: number } {
  const own = operations.filter((one) => one.f === f);
  const answered = own.filter(({ answeredAt }) => answeredAt >= from && answeredAt < to);
  const served = answered.filter((one) => one.served === "yes").length;
  const hung = own.filter(({ invokedAt, answeredAt }) => invokedAt >= from && invokedAt + patience * serviceMs < to && answeredAt >= to).length;
  return { served, unserved: answered.length - served + hung };
}

/** Whether a window had more to do than it could. */
export function isFull({ served, unserved }: { readonly served: number; readonly unserved: number }): boolean {
  return unserved > 0 && unserved >= served * fullShare;
}
/** Half the width of a 95 % interval, in standard deviations. */
const deviations = 1.96;

function windowsOf(evidence: Evidence, options: CapacityOptions): readonly Window[] {
  const { fault, settleMs, serviceMs } = options;
  const changes = seenBiting(evidence.faults, fault);
  const ends = loadEndsAt(evidence.operations);
  return changes.flatMap(({ on, bitingAt, numbers }, i) => {
    const [from, to] = [bitingAt + settleMs, changes[i + 1]?.requestedAt ?? ends];
    const instances = (source: string): boolean => source.startsWith(`${on}-`);
    const seen = evidence.samples.some(({ source, time, values }) => instances(source) && time >= from && time < to && values.lagMs !== undefined);
    if (!(to - from >= 1000) || !seen) return [];
    if (saturated({ samples: evidence.samples, from, to, instances, lagMs: 0.2 * serviceMs }) !== undefined) return [];
    return [{ instances: numbers.instances ?? 0, from, to, ...servedOf(evidence.operations, options, from, to) }];
  });
}

/** Answers a second, with what the chance of arrivals makes of the count. */
function rate({ served, from, to }: Window): { readonly perSecond: number; readonly low: number; readonly high: number } {
  const perMs = 1000 / (to - from);
  const spread = deviations * Math.sqrt(served);
  return { perSecond: served * perMs, low: Math.max(0, served - spread) * perMs, high: (served + spread) * perMs };
}

/** With n instances, at least (1 - tolerance) x n times as many requests are answered as with the fewest, each by itself; judged where some were not served. */
export function capacityGrows(options: CapacityOptions): Checker {
  return (evidence) => {
    const { tolerance } = options;
    const windows = windowsOf(evidence, options);
    const full = windows.filter(isFull);
    const base = full.reduce<Window | undefined>(
      (least, one) => (one.served > 0 && (least === undefined || one.instances < least.instances) ? one : least),
      undefined,
    );
    const numbers: Record<string, number> = {};
    const found: Counterexample[] = [];
    const doubts: string[] = [];
    let compared = 0;
    for (const window of full) {
      const { perSecond, high } = rate(window);
      numbers[`on${window.instances}PerSecond`] = perSecond;
      if (window.served === 0) {
        const text = `${window.instances} instances answered nobody from ${at(window.from)} to ${at(window.to)}, and left ${window.unserved} unserved.`;
        found.push({ time: window.from, text });
        continue;
      }
      if (base === undefined || window.instances <= base.instances) continue;
      compared++;
      const times = window.instances / base.instances;
      const single = rate(base);
      numbers[`ratioOn${window.instances}`] = perSecond / single.perSecond;
      const told = `${window.instances} instances answered ${perSecond.toFixed(1)} requests/s from ${at(window.from)} to ${at(window.to)}, ${(perSecond / single.perSecond).toFixed(2)} times the ${single.perSecond.toFixed(1)} of ${base.instances}`;
      if (high < (1 - tolerance) * times * single.low)
        found.push({ time: window.from, text: `${told}; ${times} times less ${tolerance * 100} % are expected.` });
      else if (perSecond < (1 - tolerance) * times * single.perSecond) doubts.push(told);
    }
    const text = {
      holds: `${compared + 1} sizes were full: ${full.map((one) => `${one.instances} instances answered ${rate(one).perSecond.toFixed(1)} requests/s`).join(", ")}.`,
      nothing: `Of ${windows.length} sizes on processors that were not saturated, ${full.length} had more to do than they could; two are needed to compare.`,
    };
    const check = conclude("capacity grows with instances", compared, inTime(found), text, numbers);
    if (check.verdict !== "holds" || doubts.length === 0) return check;
    return { ...check, verdict: "inconclusive", summary: `Too few answers to tell: ${doubts.join("; ")}.` };
  };
}
