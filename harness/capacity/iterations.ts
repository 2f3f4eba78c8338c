/** From what clients saw to the figures of one window: an iteration is one unit of work (a run created and waited for, a query), whatever requests it takes. */
import type { Operation } from "../core/history.ts";
import { ascending, quantileOfSorted } from "../core/stats.ts";

/** What one unit of work consists of. */
export interface Work {
  /** Operations of the protocol, in their order, by one client. */
  readonly operations: readonly string[];
  /** Whether the answer to the last of them says that the work is done; a wait that timed out is answered, too. */
  isDone(last: Operation): boolean;
}

/** Times in ms of the harness clock. */
export interface Iteration {
  /** When the schedule wanted it to begin; in a closed loop, when it began. */
  readonly intendedAt: number;
  readonly invokedAt: number;
  /** Infinity while there is no end. */
  readonly endedAt: number;
  /** All of its operations succeeded, and the work is done. */
  readonly succeeded: boolean;
}

/** Groups the operations of each client into iterations, in the order in which these were invoked. One that was cut off by the end of the record has no end. */
export function iterationsOf(operations: readonly Operation[], work: Work): readonly Iteration[] {
  const iterations: { -readonly [K in keyof Iteration]: Iteration[K] }[] = [];
  const open = new Map<string, { readonly iteration: number; readonly next: number }>();
  const [first, last] = [work.operations[0], work.operations.length - 1];
  for (const operation of operations) {
    const begun = operation.f === first ? { iteration: iterations.length, next: 0 } : open.get(operation.process);
    if (begun === undefined || operation.f !== work.operations[begun.next]) continue;
    if (begun.next === 0) {
      const { intendedAt, invokedAt } = operation;
      iterations.push({ intendedAt, invokedAt, endedAt: Number.POSITIVE_INFINITY, succeeded: false });
    }
    const iteration = iterations[begun.iteration];
    if (!iteration) continue;
    open.delete(operation.process);
    const went = operation.outcome === "ok" && operation.served === "yes";
    if (went && begun.next < last) open.set(operation.process, { iteration: begun.iteration, next: begun.next + 1 });
    else iteration.endedAt = operation.answeredAt;
    iteration.succeeded = went && begun.next === last && work.isDone(operation);
  }
  return iterations;
}

/** What a window measured; latencies of those that had no end are counted up to `readAt`, so they are at least that. */
export interface Figures {
  /** Iterations whose latency was measured. */
  readonly operations: number;
  readonly errors: number;
  /** Successes whose end lies in the window, per second. */
  readonly achievedPerSecond: number;
  /** From the intended start. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** The same from when they really began: what the generator's lateness cannot have caused. */
  readonly p95FromSentMs: number;
  readonly p99FromSentMs: number;
  /** How much later than intended the generator began (99th percentile). */
  readonly scheduleLagMs: number;
  /** Most iterations that were under way at once. */
  readonly openAtMost: number;
}

/**
 * Figures of a window [from, to). The open model measures what was to begin in it, the closed one what ended in it.
 * @param readAt the record ends there (ms)
 */
export function figuresOf(
  iterations: readonly Iteration[],
  window: { readonly from: number; readonly to: number },
  readAt: number,
  closed: boolean,
): Figures {
  const inside = (time: number): boolean => time >= window.from && time < window.to;
  const measured = iterations.filter(({ intendedAt, endedAt }) => inside(closed ? endedAt : intendedAt));
  const end = ({ endedAt }: Iteration): number => Math.min(endedAt, readAt);
  const latencies = ascending(measured.map((one) => end(one) - one.intendedAt));
  const fromSent = ascending(measured.map((one) => end(one) - one.invokedAt));
  const lags = ascending(measured.map(({ invokedAt, intendedAt }) => invokedAt - intendedAt));
  const achieved = iterations.filter(({ endedAt, succeeded }) => succeeded && inside(endedAt)).length;
  return {
    operations: measured.length,
    errors: measured.filter(({ succeeded }) => !succeeded).length,
    achievedPerSecond: (achieved * 1000) / (window.to - window.from),
    p50Ms: quantileOfSorted(latencies, 0.5),
    p95Ms: quantileOfSorted(latencies, 0.95),
    p99Ms: quantileOfSorted(latencies, 0.99),
    p95FromSentMs: quantileOfSorted(fromSent, 0.95),
    p99FromSentMs: quantileOfSorted(fromSent, 0.99),
    scheduleLagMs: quantileOfSorted(lags, 0.99),
    openAtMost: mostOpen(iterations, window.to),
  };
}

/** Most iterations open at once, of those that began before `to`. */
function mostOpen(iterations: readonly Iteration[], to: number): number {
  const changes = iterations
    .filter(({ invokedAt }) => invokedAt < to)
    .flatMap(({ invokedAt, endedAt }) => [
      { time: invokedAt, by: 1 },
      { time: endedAt, by: -1 },
    ])
    // An end frees the client that begins anew in the same moment.
    .sort((a, b) => a.time - b.time || a.by - b.by);
  let [open, most] = [0, 0];
  for (const { time, by } of changes) {
    if (time >= to) break;
    open += by;
    most = Math.max(most, open);
  }
  return most;
}
