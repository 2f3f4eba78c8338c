/** How clients fared in each fault, from intended starts (coordinated omission would hide the outage). Figures only; `availability.ts` judges. */
import type { Operation } from "../core/history.ts";
import { ascending, firstNotBelow, quantileOfSorted } from "../core/stats.ts";
import type { Evidence } from "../core/verdict.ts";
import { type Injection, injectionsOf } from "./injections.ts";
import { keepsRate, loadEndsAt, scheduledOnly } from "./load-rate.ts";
import { claimant, isClaim, trailOf } from "./trail.ts";

/** Times from the intended start to the answer, and from the invocation (service), ms. NaN without answers. */
export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly serviceP50Ms: number;
  readonly serviceP95Ms: number;
  readonly serviceP99Ms: number;
}

export interface FaultFigures {
  readonly injection: Injection;
  /** The first second after the heal that begins three steady ones (ms); null: never seen. */
  readonly steadyAt: number | null;
  /** Operations whose intended start lies between the request of the fault and the first steady second (SEMANTICS, LG-10). */
  readonly before: readonly Operation[];
  readonly during: readonly Operation[];
  readonly after: readonly Operation[];
  readonly failed: readonly Operation[];
  /** From the request to the first failure or answer that was slow, as the client saw it (ms); null: nobody noticed. */
  readonly timeToDetectMs: number | null;
  /** From the request to the first claim, by somebody else, of a run that the victim had (ms); null: it had none, or nobody took over. */
  readonly timeToHandOverMs: number | null;
  /** From the heal to the first success (ms). */
  readonly timeToFirstSuccessMs: number | null;
  /** From the first failure to the first success after it (ms). */
  readonly failureToSuccessMs: number | null;
  /** From the heal (ms). */
  readonly timeToSteadyMs: number | null;
  /** Between the first and the last failed operation by intended start, to within the time between two operations (ms). */
  readonly outage: { readonly fromMs: number; readonly toMs: number; readonly resolutionMs: number } | null;
}

const aroundMs = 10_000;
const steadyMs = 3000;

export const served = (operation: Operation): boolean => operation.served === "yes";

/** Figures of every injection but `scale`, in the order in which they were requested. */
export function availabilityOf(evidence: Evidence, f: readonly string[]): readonly FaultFigures[] {
  const operations = evidence.operations.filter((operation) => f.includes(operation.f)).sort((a, b) => a.intendedAt - b.intendedAt);
  const intended = operations.map((operation) => operation.intendedAt);
  const between = (from: number, to: number): readonly Operation[] => operations.slice(firstNotBelow(intended, from), firstNotBelow(intended, to));
  const endOfLoad = loadEndsAt(operations);
  const injections = injectionsOf(evidence.faults).filter((injection) => injection.fault !== "scale");
  const isSteady = steadiness(evidence, operations, between, injections[0]?.requestedAt ?? endOfLoad);
  // What nobody had answered when the load, and with it its clients, was ended is no failure yet, unless the budget for an answer was over.
  const patienceMs = (evidence.constants.outageBudgetMs ?? 29_000) + 1000;
  const due = (operation: Operation): boolean =>
    operation.answeredAt < Number.POSITIVE_INFINITY || operation.invokedAt + patienceMs <= Math.min(evidence.endsAt, endOfLoad);

  return injections.map((injection, i) => {
    const { requestedAt, healedAt } = injection;
    const previousEnd = injections[i - 1]?.healedAt ?? Number.NEGATIVE_INFINITY;
    const nextAt = injections[i + 1]?.requestedAt ?? Number.POSITIVE_INFINITY;
    let steadyAt: number | null = null;
    for (let at = healedAt; at + steadyMs <= endOfLoad && steadyAt === null; at += 1000) if (isSteady(at)) steadyAt = at;
    const before = between(Math.max(previousEnd, requestedAt - aroundMs), requestedAt);
    const until = steadyAt ?? endOfLoad + 1;
    const during = between(requestedAt, until).filter(due);
    const after = between(until, Math.min(until + aroundMs, nextAt));
    const failed = during.filter((operation) => !served(operation));
    const first = failed[0];
    const last = failed[failed.length - 1];
    const firstFailureAt = failed.reduce((time, operation) => Math.min(time, operation.answeredAt), Number.POSITIVE_INFINITY);
    return {
      injection,
      steadyAt,
      before,
      during,
      after,
      failed,
      timeToDetectMs: difference(Math.min(firstFailureAt, firstSlowAt(before, during)), requestedAt),
      timeToHandOverMs: difference(takenOverAt(evidence, injection), requestedAt),
      timeToFirstSuccessMs: difference(firstSuccessAt(between(requestedAt - aroundMs, endOfLoad + 1), healedAt), healedAt),
      failureToSuccessMs: difference(firstSuccessAt(between(requestedAt, endOfLoad + 1), firstFailureAt), firstFailureAt),
      timeToSteadyMs: steadyAt === null ? null : steadyAt - healedAt,
      outage: first && last ? { fromMs: first.intendedAt, toMs: last.intendedAt, resolutionMs: resolution(during) } : null,
    };
  });
}

/** When somebody else first claimed a run that an instance had when the fault hit it; Infinity if nobody did. */
function takenOverAt({ transitions }: Evidence, { on, requestedAt }: Injection): number {
  const victim = on.split("->")[0] ?? "";
  let first = Number.POSITIVE_INFINITY;
  for (const run of trailOf(transitions).values()) {
    const had = run.findLast(({ to, time }) => to === "running" && time <= requestedAt);
    if (had === undefined || claimant(had) !== victim) continue;
    const ended = run.some(({ seq, time, from }) => seq > had.seq && from === "running" && time <= requestedAt);
    const next = run.find((later) => later.seq > had.seq && isClaim(later));
    if (!ended && next !== undefined && claimant(next) !== victim) first = Math.min(first, next.time);
  }
  return first;
}

/** Latency of those that were answered at all. */
export function latencyOf(operations: readonly Operation[]): Latency {
  const answered = operations.filter((operation) => operation.answeredAt < Number.POSITIVE_INFINITY);
  const total = ascending(answered.map((operation) => operation.answeredAt - operation.intendedAt));
  const service = ascending(answered.map((operation) => operation.answeredAt - operation.invokedAt));
  const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((q) => quantileOfSorted(total, q)) as [number, number, number];
  const [serviceP50Ms, serviceP95Ms, serviceP99Ms] = [0.5, 0.95, 0.99].map((q) => quantileOfSorted(service, q)) as [number, number, number];
  return { p50Ms, p95Ms, p99Ms, serviceP50Ms, serviceP95Ms, serviceP99Ms };
}

/** Whether the three seconds from `at` on are steady: 99 % of what was wanted in them is served, and answers keep the rate of the schedule. */
function steadiness(
  evidence: Evidence,
  operations: readonly Operation[],
  between: (from: number, to: number) => readonly Operation[],
  firstFaultAt: number,
) {
  const answers = ascending(
    scheduledOnly(operations)
      .filter(served)
      .map((operation) => operation.answeredAt),
  );
  const rate = (from: number, to: number): number => ((firstNotBelow(answers, to) - firstNotBelow(answers, from)) * 1000) / (to - from);
  const baseline = rate(firstFaultAt - aroundMs, firstFaultAt);
  // These operations may be a part of the schedule only; then what they did before the first fault is their rate.
  const wanted =
    baseline === 0 || (evidence.scheduledPerSecond > 0 && keepsRate(baseline, evidence.scheduledPerSecond)) ? evidence.scheduledPerSecond : baseline;
  return (at: number): boolean => {
    const wantedThen = between(at, at + steadyMs);
    const success = wantedThen.filter(served).length / wantedThen.length;
    return wantedThen.length > 0 && success >= 0.99 && keepsRate(rate(at, at + steadyMs), wanted);
  };
}

/** When the first client had waited for twice the slowest per cent of before, and 20 ms more; Infinity if none had. */
function firstSlowAt(before: readonly Operation[], during: readonly Operation[]): number {
  const usual = latencyOf(before).p99Ms;
  if (Number.isNaN(usual)) return Number.POSITIVE_INFINITY;
  const slowMs = 2 * usual + 20;
  return during.reduce(
    (time, { intendedAt, answeredAt }) => (answeredAt - intendedAt > slowMs ? Math.min(time, intendedAt + slowMs) : time),
    Number.POSITIVE_INFINITY,
  );
}

function firstSuccessAt(operations: readonly Operation[], from: number): number {
  return operations.reduce(
    (time, operation) => (served(operation) && operation.answeredAt >= from ? Math.min(time, operation.answeredAt) : time),
    Number.POSITIVE_INFINITY,
  );
}

/** null where either never happened. */
function difference(time: number, since: number): number | null {
  return Number.isFinite(time) && Number.isFinite(since) ? Math.max(0, time - since) : null;
}

/** Mean time between two intended starts (ms). */
function resolution(operations: readonly Operation[]): number {
  const first = operations[0]?.intendedAt ?? 0;
  const last = operations[operations.length - 1]?.intendedAt ?? 0;
  return operations.length > 1 ? (last - first) / (operations.length - 1) : 0;
}
