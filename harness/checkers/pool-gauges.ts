/** HA-14: an instance's own gauges of its pool tell what Postgres counts of its sessions, under load and at the pool's end. */
import type { Sample } from "../core/records.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { calmStretches } from "./calm.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, outOfReach } from "./judge.ts";

/** Both sides are read every half second, at different moments: what both told without a change for so long was so at one moment, too (ms). */
const unchangedMs = 2000;
const readings = 3;
/**
 * A connection that is being opened is in the pool and not yet in Postgres: nothing was opened at a moment when no session had begun by this long afterwards (ms). Those
 * who open and close between two readings of Postgres would otherwise look as if they were always there.
 */
const openingMs = 1000;

interface Reading {
  readonly time: number;
  readonly instance: string;
  readonly told: number;
  readonly counted: number;
}

/** Sums of gauges: what an instance tells of itself, and what Postgres counts of it. */
interface Sides {
  readonly told: readonly string[];
  readonly counted: readonly string[];
}

/** The moments around which neither side changed and nothing was being opened, within one of the stretches. */
function unchanging(evidence: Evidence, stretches: readonly { readonly from: number; readonly to: number }[], { told, counted }: Sides): Reading[] {
  const bySource = Map.groupBy(evidence.samples, ({ source }) => source);
  const begun = (bySource.get("postgres") ?? []).filter(({ values }) => values.sessionsBegun !== undefined);
  const found: Reading[] = [];
  for (const [source, truth] of bySource) {
    if (!source.startsWith("postgres ")) continue;
    const instance = source.slice("postgres ".length);
    const own = (bySource.get(instance) ?? []).filter(({ values }) => told.every((gauge) => values[gauge] !== undefined));
    for (const { time } of own) {
      const [from, to] = [time - unchangedMs / 2, time + unchangedMs / 2];
      if (!stretches.some((stretch) => stretch.from <= from && to <= stretch.to)) continue;
      if (!noneBegun(begun, from, to + openingMs)) continue;
      const left = steadyValue(own, told, from, to);
      const right = steadyValue(truth, counted, from, to);
      if (left !== undefined && right !== undefined) found.push({ time, instance, told: left, counted: right });
    }
  }
  return found;
}

/** Whether Postgres counted as many sessions ever begun before the time as after it. */
function noneBegun(begun: readonly Sample[], from: number, to: number): boolean {
  const before = begun.findLast(({ time }) => time <= from);
  const after = begun.find(({ time }) => time >= to);
  return before !== undefined && after !== undefined && before.values.sessionsBegun === after.values.sessionsBegun;
}

/** The sum of gauges that all samples of the time have; undefined where they differ or are too few. */
function steadyValue(samples: readonly Sample[], gauges: readonly string[], from: number, to: number): number | undefined {
  const sums = samples
    .filter(({ time }) => time >= from && time <= to)
    .map(({ values }) => gauges.reduce((sum, gauge) => sum + (values[gauge] ?? 0), 0));
  return sums.length >= readings && sums.every((sum) => sum === sums[0]) ? sums[0] : undefined;
}

function compare(evidence: Evidence, property: string, readings: readonly Reading[], what: string, nothing: string): ReturnType<Checker> {
  const found: Counterexample[] = readings
    .filter(({ told, counted }) => told !== counted)
    .map(({ time, instance, told, counted }) => ({
      time,
      text: `${instance} told of ${told} connections ${what} around ${at(time)}, while Postgres counted ${counted} and neither changed for ${unchangedMs / 1000} s.`,
    }));
  const instances = new Set(readings.map(({ instance }) => instance)).size;
  const most = readings.reduce((largest, { counted }) => Math.max(largest, counted), 0);
  const holds = `At ${readings.length} moments without a change ${instances} instances told of as many connections ${what} as Postgres counted, ${most} at most.`;
  const numbers = { moments: readings.length, instances, mostConnections: most };
  return concludeBound(evidence, unchangedMs, conclude(property, readings.length, inTime(found), { holds, nothing }, numbers));
}

/** Checked out and idle together are the sessions that Postgres counts, in calm times: a fault may end sessions of which the pool does not know yet. */
export const poolSizeTold: Checker = (evidence) => {
  const sides = { told: ["poolCheckedOut", "poolIdle"], counted: ["connections"] };
  const nothing = "The size of the pool and the sessions in Postgres were never seen unchanged together.";
  return compare(evidence, "the gauges tell the size of the pool", unchanging(evidence, calmStretches(evidence), sides), "in its pool", nothing);
};

/**
 * While `fault` lets no statement end, what is checked out is what Postgres counts as at work: else both change from one moment to the next, and two readings that
 * are equal by chance would prove nothing. A client may give up a statement when the outage budget is over, and Postgres goes on with it; that is not judged.
 */
export function poolUseTold(fault: string): Checker {
  return (evidence) => {
    const property = "the gauges tell how much of the pool is in use";
    const biting = stretchesOf(fault, evidence);
    if (biting === undefined) return outOfReach(property, "outageBudgetMs");
    const sides = { told: ["poolCheckedOut"], counted: ["active", "idleInTransaction"] };
    const nothing = `While ${fault} was biting, connections in use were never seen unchanged in both.`;
    return compare(evidence, property, unchanging(evidence, biting, sides), "in use", nothing);
  };
}

/** While a fault bites, as long as no caller gives a statement up; undefined where nothing says for how long that is. */
function stretchesOf(
  fault: string,
  { faults, constants: { outageBudgetMs } }: Evidence,
): { readonly from: number; readonly to: number }[] | undefined {
  if (outageBudgetMs === undefined) return undefined;
  return seenBiting(faults, fault).map(({ requestedAt, bitingAt, healingAt }) => ({
    from: bitingAt,
    to: Math.min(healingAt, requestedAt + outageBudgetMs),
  }));
}

/**
 * While `fault` lets no statement end, and in calm times, the overflow is what Postgres counts beyond the pool's `size`; where it never came so far, nothing was seen of
 * it.
 */
export function overflowTold({ size, fault }: { readonly size: number; readonly fault: string }): Checker {
  return (evidence) => {
    const property = "the gauges tell the overflow";
    const biting = stretchesOf(fault, evidence);
    if (biting === undefined) return outOfReach(property, "outageBudgetMs");
    const sides = { told: ["poolOverflow"], counted: ["connections"] };
    const beyond = unchanging(evidence, [...biting, ...calmStretches(evidence)], sides).map((reading) => ({
      ...reading,
      counted: Math.max(0, reading.counted - size),
    }));
    const nothing = `Postgres never counted more than ${size} connections of an instance while ${fault} was biting.`;
    return compare(evidence, property, beyond.some(({ counted }) => counted > 0) ? beyond : [], "in overflow", nothing);
  };
}
