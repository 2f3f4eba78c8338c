/** LG-10, HA-2: most traffic succeeds while a part fails and comes back. */
import type { Operation } from "../core/history.ts";
import { largest } from "../core/stats.ts";
import { type Check, type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { availabilityOf, type FaultFigures, latencyOf, served } from "./availability-figures.ts";
import { at, concludeBound, ms, toleranceMs } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";
import { busyFor, decidesNothing } from "./saturation.ts";

export { availabilityOf } from "./availability-figures.ts";
export { noAcknowledgedWriteLost } from "./lost-runs.ts";

/** Fewer operations than this decide nothing (SEMANTICS, "Faults and load"). */
const least = 200;
/** So few are seen to have been sent at all (SEMANTICS: 20 in the window). */
const leastTold = 20;

export interface AvailabilityOptions {
  /** Names of the operations that count. */
  readonly f: readonly string[];
  /** What they follow, and are judged with where too few of them were sent for a judgement of their own: who hangs asks nothing more. */
  readonly orWith?: readonly string[];
  /** The least success ratio: 0.99. */
  readonly atLeast: number;
  /** The fault's name: its file in `harness/faults/`. */
  readonly fault: string;
  /** How much the 95th percentile of latency may grow while the fault lasts (ms). */
  readonly p95AddedMs?: number;
}

/**
 * Of the operations whose intended start lies between a fault and the first steady second after it, at least `atLeast` are served: over all
 * injections of the fault, and over each that saw 200 operations by itself. An outage certainly longer than the target's declared budget is not judged, and
 * where it may have been longer, or the machine's processors had no time left, a miss is inconclusive.
 */
export function availability({ orWith, ...options }: AvailabilityOptions): Checker {
  return (evidence) => {
    const property = `${options.atLeast * 100} % of ${options.f.join(" and ")} served during ${options.fault}`;
    const all = availabilityOf(evidence, options.f).filter((one) => one.injection.fault === options.fault);
    // What a record that was cut off shows of a fault is its worst part.
    const judged = all.filter((one) => !certainlyOver(evidence, one) && !(evidence.cutOff && one.steadyAt === null));
    const during = pooled(judged, "during");
    const enough = during.length >= least;
    if (!enough && orWith) {
      const together = availability({ ...options, f: [...orWith, ...options.f] })(evidence);
      // Too few to be judged by themselves, they may all have failed among the many that they follow.
      const drowned = together.verdict === "holds" && during.length >= leastTold && ratio(during) < 0.5;
      const text = `only ${during.filter(served).length} of ${during.length} operations ${options.f.join(" and ")} were served, and ${least} are needed to judge them by themselves`;
      return drowned ? decidesNothing(together, text) : together;
    }
    const short = tooFewServed(judged, options.atLeast);
    const found = short.map((one) => shortfall(one, options));
    const text = {
      holds: `${percent(ratio(during))} of ${during.length} operations were served in ${judged.length} injections of ${options.fault}.`,
      nothing: `${during.length} operations fell between ${options.fault} and the first steady second after it; ${least} are needed.`,
    };
    const check = conclude(property, enough ? during.length : 0, found, text, { ...numbersOf(judged), ...errorBudget(evidence, options) });
    const [doubt] = short.flatMap((one) => doubtAbout(evidence, one) ?? []);
    if (doubt !== undefined) {
      // Each is excused by itself: what the others cost stands.
      const rest = judged.filter((one) => !short.includes(one) || doubtAbout(evidence, one) === undefined);
      const standing = tooFewServed(rest, options.atLeast).map((one) => shortfall(one, options));
      return standing.length > 0 ? conclude(property, check.examined, standing, text, check.numbers) : decidesNothing(check, doubt);
    }
    return check.verdict === "holds" ? latencyBound(evidence, check, judged, options) : check;
  };
}

/** Those that speak against it: each that missed by itself, else all with failures where they missed together. */
function tooFewServed(judged: readonly FaultFigures[], atLeast: number): readonly FaultFigures[] {
  const missed = judged.filter((one) => one.during.length >= least && ratio(one.during) < atLeast);
  const during = pooled(judged, "during");
  return missed.length > 0 || during.length < least || ratio(during) >= atLeast ? missed : judged.filter((one) => one.failed.length > 0);
}

/** In words, why what an injection cost decides nothing. */
function doubtAbout(evidence: Evidence, one: FaultFigures): string | undefined {
  const { id, requestedAt } = one.injection;
  if (possiblyOver(evidence, one))
    return `the outage of ${id} may have lasted longer than the declared budget of ${ms(evidence.constants.outageBudgetMs ?? 0)}`;
  return busyFor(evidence.samples, requestedAt, one.steadyAt ?? loadEndsAt(evidence.operations));
}

/** The second half of the claim, judged when the first holds: latency grew by no more than the bound. */
function latencyBound(evidence: Evidence, check: Check, judged: readonly FaultFigures[], { p95AddedMs }: AvailabilityOptions): Check {
  if (p95AddedMs === undefined) return check;
  // Before the first of them: what it was before a later one may be what the first has made of it.
  const before = judged.map((one) => latencyOf(one.before).p95Ms).find((p95Ms) => !Number.isNaN(p95Ms));
  const added = latencyOf(pooled(judged, "during")).p95Ms - (before ?? Number.NaN);
  if (Number.isNaN(added))
    return { ...check, verdict: "inconclusive", summary: "No operation was answered before the fault, so the added latency is unknown." };
  const numbers = { ...check.numbers, p95AddedMs: added };
  if (added <= p95AddedMs + toleranceMs(evidence, p95AddedMs)) return { ...check, numbers };
  const text = `the 95th percentile of latency from the intended start grew by ${ms(added)}; ${ms(p95AddedMs)} are allowed.`;
  // Whatever is late in any of these times raises it.
  const until = judged.reduce((last, { steadyAt }) => Math.max(last, steadyAt ?? loadEndsAt(evidence.operations)), 0);
  const found: Counterexample[] = [{ time: judged[0]?.injection.requestedAt ?? 0, until, text }];
  return concludeBound(evidence, p95AddedMs, conclude(check.property, check.examined, found, { holds: "", nothing: "" }, numbers));
}

/** Whether the database was certainly away for longer than the declared budget: then the claim says nothing. */
function certainlyOver(evidence: Evidence, { injection }: FaultFigures): boolean {
  const budget = evidence.constants.outageBudgetMs;
  return budget !== undefined && injection.on.includes("postgres") && injection.healingAt - injection.bitingAt > budget;
}

function possiblyOver(evidence: Evidence, { injection }: FaultFigures): boolean {
  const budget = evidence.constants.outageBudgetMs;
  return budget !== undefined && injection.on.includes("postgres") && injection.healedAt - injection.requestedAt > budget;
}

/** Operations that fell into several windows count once. */
function pooled(figures: readonly FaultFigures[], part: "before" | "during" | "after"): readonly Operation[] {
  return figures.length === 1 ? (figures[0] as FaultFigures)[part] : [...new Set(figures.flatMap((one) => one[part]))];
}

function ratio(operations: readonly Operation[]): number {
  return operations.length === 0 ? Number.NaN : operations.filter(served).length / operations.length;
}

/**
 * Minutes of the record in which everything failed, or as many longer ones in which a part did, and how many of them the promised ratio allows: the error budget of
 * Google's SRE book, chapter 3, over this record.
 */
function errorBudget({ operations }: Evidence, { f, atLeast }: AvailabilityOptions): Record<string, number> {
  const judged = operations.filter((operation) => f.includes(operation.f) && operation.answeredAt < Number.POSITIVE_INFINITY);
  if (judged.length === 0) return {};
  const intended = judged.map(({ intendedAt }) => intendedAt);
  const minutes = (largest(intended) - intended.reduce((first, time) => Math.min(first, time))) / 60_000;
  return { errorBudgetMinutes: minutes * (1 - atLeast), errorBudgetSpentMinutes: minutes * (1 - ratio(judged)) };
}

/** Rounded down, so that a miss never reads as if it had been met. */
function percent(value: number): string {
  return `${(Math.floor(value * 10_000) / 100).toFixed(2)} %`;
}

function shortfall(one: FaultFigures, { atLeast }: AvailabilityOptions): Counterexample {
  const [first] = one.failed;
  const steady = one.steadyAt === null ? "the end of the load (no steady second was seen)" : `the first steady second at ${at(one.steadyAt)}`;
  const example = first
    ? `; the first was operation ${first.index}, ${first.f} wanted at ${at(first.intendedAt)}: ${first.error || first.served}`
    : "";
  const text = `${one.failed.length} of ${one.during.length} operations failed between ${one.injection.id} at ${at(one.injection.requestedAt)} and ${steady}: ${percent(ratio(one.during))} were served, ${atLeast * 100} % were expected${example}.`;
  return { time: first?.intendedAt ?? one.injection.requestedAt, text };
}

const times = ["timeToDetectMs", "timeToHandOverMs", "timeToFirstSuccessMs", "failureToSuccessMs", "timeToSteadyMs"] as const;

/** The worst of each figure, each injection's own under its id, and latencies over all injections. Unknown figures are left out. */
function numbersOf(judged: readonly FaultFigures[]): Record<string, number> {
  const numbers: Record<string, number> = {};
  const note = (name: string, value: number | null): void => {
    if (value !== null && Number.isFinite(value)) numbers[name] = value;
  };
  const during = pooled(judged, "during");
  note("operations", during.length);
  note("failedOperations", during.length - during.filter(served).length);
  note("successRatio", ratio(during));
  note(
    "worstSuccessRatio",
    judged.reduce((worst, one) => Math.min(worst, one.during.length > 0 ? ratio(one.during) : 1), 1),
  );
  for (const name of times)
    note(
      name,
      judged.reduce<number | null>((worst, one) => (one[name] === null ? worst : Math.max(worst ?? 0, one[name])), null),
    );
  for (const part of ["before", "during", "after"] as const) {
    for (const [name, value] of Object.entries(latencyOf(pooled(judged, part)))) note(`${part} ${name}`, value);
  }
  for (const one of judged) {
    const { id } = one.injection;
    note(`${id} successRatio`, ratio(one.during));
    note(`${id} operations`, one.during.length);
    for (const name of times) note(`${id} ${name}`, one[name]);
    if (one.outage) {
      note(`${id} outageFromMs`, one.outage.fromMs);
      note(`${id} outageToMs`, one.outage.toMs);
      note(`${id} outageResolutionMs`, one.outage.resolutionMs);
    }
  }
  return numbers;
}
