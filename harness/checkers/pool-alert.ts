/** HA-14: whoever watches the pool's gauges is warned before the pool is used up, and told when it is over. */
import type { Sample } from "../core/records.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime, outOfReach, toleranceMs } from "./judge.ts";

/** Whoever is refused has waited for longer than this for a connection, all of which were in use meanwhile (ms). */
const waitedMs = 1500;
/** The answer of who has no connection in time. Other refusals, of a version or of too much, say nothing of connections. */
export const unavailable = /\b503\b/;
/** What was checked out is given back by then (ms). */
const overMs = 5000;

/**
 * Every refusal while `fault` keeps connections from being given back was announced: a reading of the second and a half before it was at
 * the alert's threshold, which is the one that the instance tells itself, or a share of the declared connections; and from five seconds
 * after the fault on readings are below it again, as Postgres's count is. A threshold of all connections warns of nothing that is still to come.
 */
export function warnedBeforeExhaustion({ fault, share }: { readonly fault: string; readonly share: number }): Checker {
  const property = "warned before the pool is used up";
  return (evidence) => {
    const size = evidence.constants.connectionsPerInstance;
    if (size === undefined) return outOfReach(property, "connectionsPerInstance");
    const threshold = Math.ceil(size * share);
    const warns = ({ values }: Sample): boolean => (values.poolCheckedOut ?? 0) >= (values.poolAlertAt ?? threshold);
    const gauges = Map.groupBy(
      evidence.samples.filter(({ values }) => values.poolCheckedOut !== undefined),
      ({ source }) => source,
    );
    const found: Counterexample[] = [];
    let refusals = 0;
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const { bitingAt, healingAt, healedAt, id } of seenBiting(evidence.faults, fault)) {
      found.push(...warnsTooLate(gauges, size, bitingAt, healingAt));
      for (const { invokedAt, answeredAt, error, by, f, index } of evidence.operations) {
        if (!unavailable.test(error) || invokedAt < bitingAt || answeredAt > healingAt) continue;
        const own = gauges.get(by) ?? [];
        const before = own.filter(({ time }) => time >= Math.max(invokedAt, answeredAt - waitedMs) && time <= answeredAt - toleranceMs(evidence));
        if (before.length === 0) continue;
        refusals++;
        const most = before.reduce((largest, { values }) => Math.max(largest, values.poolCheckedOut ?? 0), 0);
        if (before.some(warns)) {
          const first = own.find((reading) => reading.time >= bitingAt && warns(reading));
          if (first) earliestMs = Math.min(earliestMs, answeredAt - first.time);
          continue;
        }
        const text = `${by} refused ${f} at ${at(answeredAt)}, during ${id}, and its gauge had told of ${most} connections checked out at most in the ${waitedMs} ms before; the alert begins at ${before[0]?.values.poolAlertAt ?? threshold} of ${size} (operation ${index}).`;
        found.push({ time: answeredAt, text });
      }
      found.push(...stillWarned(evidence, gauges, healedAt + overMs, { threshold, warns }));
    }
    const text = {
      holds: `Before each of ${refusals} refusals the gauge of its instance was at ${threshold} of ${size} or above, ${(earliestMs / 1000).toFixed(1)} s before at the least, and below once it was over.`,
      nothing: "Nobody was refused while the gauges of his instance were read: the pool was never seen used up.",
    };
    const numbers = { refusals, threshold, ...(Number.isFinite(earliestMs) ? { warnedBeforeMs: earliestMs } : {}) };
    return conclude(property, refusals, inTime(found), text, numbers);
  };
}

/** Instances whose own threshold is all their connections: at that the pool is used up, and whoever comes next waits. */
function warnsTooLate(gauges: ReadonlyMap<string, readonly Sample[]>, size: number, time: number, until: number): Counterexample[] {
  return [...gauges].flatMap(([instance, samples]) => {
    const told = samples.findLast((one) => one.time <= until && one.values.poolAlertAt !== undefined)?.values.poolAlertAt;
    if (size < 2 || told === undefined || told < size) return [];
    return [{ time, text: `by ${instance} the alert begins at ${told} of ${size} connections checked out, when none is left.` }];
  });
}

/** Instances whose every reading from `from` on is at the threshold, although Postgres never counts so many of their sessions at work. */
function stillWarned(
  evidence: Evidence,
  gauges: ReadonlyMap<string, readonly Sample[]>,
  from: number,
  { threshold, warns }: { readonly threshold: number; readonly warns: (reading: Sample) => boolean },
): Counterexample[] {
  const found: Counterexample[] = [];
  for (const [instance, samples] of gauges) {
    const later = samples.filter(({ time }) => time >= from);
    const atWork = evidence.samples
      .filter(({ source, time }) => source === `postgres ${instance}` && time >= from)
      .map(({ values }) => (values.active ?? 0) + (values.idleInTransaction ?? 0));
    const quiet = atWork.length >= 5 && atWork.every((count) => count < threshold);
    if (later.length < 5 || !quiet || !later.every(warns)) continue;
    const text = `the gauge of ${instance} still told of ${threshold} connections checked out and more in ${later.length} readings from ${at(from)} on, when Postgres counted ${Math.max(...atWork)} at work at most.`;
    found.push({ time: from, text });
  }
  return found;
}
