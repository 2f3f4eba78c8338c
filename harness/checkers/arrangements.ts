/** AB-24: as many workers carry as much however they are shared among instances, and with more instances less is lost when one dies. */
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { isFull, servedOf } from "./capacity-grows.ts";
import { type Injection, injectionsOf, seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";
import { saturated } from "./saturation.ts";

export interface ArrangementOptions {
  /** The operation whose answers are counted. */
  readonly f: string;
  /** The change, whose record says how many instances and workers there are from then on: a file in `harness/faults/`. */
  readonly fault: string;
  /** How much less still counts as the same: 0.25. */
  readonly tolerance: number;
  /** Left out at the start of each window, while what was under way ends (ms). */
  readonly settleMs: number;
  /** How long an answer takes at least (ms): where timers lag by a fifth of it half of the time, cores decide instead of limits. */
  readonly serviceMs: number;
}

interface Arrangement {
  readonly name: string;
  readonly on: string;
  readonly instances: number;
  readonly workers: number;
  readonly from: number;
  /** The next change or fault. */
  readonly to: number;
  /** The next change of the arrangement. */
  readonly until: number;
}

/** Half the width of a 95 % interval, in standard deviations. */
const deviations = 1.96;
const leastMs = 3000;

function arrangementsOf(evidence: Evidence, { fault, settleMs }: ArrangementOptions): readonly Arrangement[] {
  const ends = loadEndsAt(evidence.operations);
  const all = injectionsOf(evidence.faults);
  const changes = seenBiting(evidence.faults, fault);
  return changes.map(({ on, bitingAt, numbers }, i) => {
    const { instances = 0, workers = 0 } = numbers;
    const until = changes[i + 1]?.requestedAt ?? ends;
    const to = Math.min(until, ...all.flatMap(({ requestedAt }) => (requestedAt > bitingAt ? [requestedAt] : [])));
    return { name: `${instances} x ${workers}`, on, instances, workers, from: bitingAt + settleMs, to, until };
  });
}

interface Count {
  readonly served: number;
  readonly unserved: number;
  readonly perSecond: number;
  readonly low: number;
  readonly high: number;
}

/** Answers from `from` to `to`, and the rate with what the chance of arrivals makes of the count; undefined where processors set it. */
function countOf(evidence: Evidence, options: ArrangementOptions, on: string, from: number, to: number): Count | undefined {
  const instances = (source: string): boolean => source.startsWith(`${on}-`);
  if (!(to - from >= 1000) || saturated({ samples: evidence.samples, from, to, instances, lagMs: 0.2 * options.serviceMs }) !== undefined)
    return undefined;
  const { served, unserved } = servedOf(evidence.operations, options, from, to);
  const perMs = 1000 / (to - from);
  const spread = deviations * Math.sqrt(served);
  return { served, unserved, perSecond: served * perMs, low: Math.max(0, served - spread) * perMs, high: (served + spread) * perMs };
}

/** Arrangements of equally many workers that are full answer alike: each at least (1 - tolerance) of what any other does. */
export function workersCarryAlike(options: ArrangementOptions): Checker {
  return (evidence) => {
    const full = arrangementsOf(evidence, options).flatMap((one) => {
      const count = one.to - one.from >= leastMs ? countOf(evidence, options, one.on, one.from, one.to) : undefined;
      return count && isFull(count) ? [{ ...one, count }] : [];
    });
    const found: Counterexample[] = [];
    let compared = 0;
    for (const less of full) {
      for (const more of full) {
        if (less === more || less.instances * less.workers !== more.instances * more.workers || less.count.perSecond > more.count.perSecond) continue;
        compared++;
        const told = `${less.name} workers answered ${less.count.perSecond.toFixed(1)} requests/s from ${at(less.from)} to ${at(less.to)}, and as many as ${more.name} answered ${more.count.perSecond.toFixed(1)}`;
        if (less.count.high < (1 - options.tolerance) * more.count.low) found.push({ time: less.from, text: `${told}.` });
      }
    }
    const text = {
      holds: `Arrangements of equally many workers answered alike: ${full.map(({ name, count }) => `${name} ${count.perSecond.toFixed(1)} requests/s`).join(", ")}.`,
      nothing: `${full.length} arrangements had more to do than they could, on processors that were not saturated; two of equally many workers are needed.`,
    };
    const numbers = Object.fromEntries(full.map(({ instances, workers, count }) => [`on${instances}x${workers}PerSecond`, count.perSecond]));
    return conclude("workers carry alike", compared, inTime(found), text, numbers);
  };
}

/** When one of several instances dies, the others answer at least (1 - tolerance) of their share of what all answered; where it was the only one, what is left is told. */
export function othersGoOn({ kill, ...options }: ArrangementOptions & { readonly kill: string }): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    const told: string[] = [];
    let examined = 0;
    for (const one of arrangementsOf(evidence, options)) {
      const whole = countOf(evidence, options, one.on, one.from, one.to);
      const death = injectionsOf(evidence.faults).find((it) => it.fault === kill && it.requestedAt >= one.to && it.requestedAt < one.until);
      const left = death && countOf(evidence, options, one.on, death.bitingAt, death.healingAt);
      if (!whole || !death || !left || whole.served === 0) continue;
      told.push(`of ${one.name} workers ${((100 * left.perSecond) / whole.perSecond).toFixed(0)} %`);
      if (one.instances < 2) continue;
      examined++;
      const share = (one.instances - 1) / one.instances;
      if (left.high < (1 - options.tolerance) * share * whole.low) found.push({ time: death.bitingAt, text: accusation(death, one, whole, left) });
    }
    const text = {
      holds: `While an instance was gone, the others answered what was left to them: ${told.join(", ")}.`,
      nothing: "No one of several instances died while the processors had time left.",
    };
    return conclude("the others go on", examined, inTime(found), text, { deaths: examined });
  };
}

function accusation(death: Injection, { name }: Arrangement, whole: Count, left: Count): string {
  return `${name} workers answered ${whole.perSecond.toFixed(1)} requests/s, and ${left.perSecond.toFixed(1)} from ${at(death.bitingAt)} to ${at(death.healingAt)}, when one instance was gone (${death.id}).`;
}
