/** How many instances a load needs: Little's law, the usual formula, what waiting adds, what a lost instance and a rolling update cost. */
import { busyServers, meanWaitSeconds, type Queue, responseQuantileSeconds, utilisation, waitProbability } from "./queueing.ts";

export interface PlanAsked {
  readonly perSecond: number;
  /** Mean time that a request keeps a worker busy (s). */
  readonly serviceSeconds: number;
  /** Requests that an instance serves at a time. */
  readonly workers: number;
  readonly serviceCv: number;
  readonly arrivalCv: number;
  /** Share of the workers' time that may be needed (0..1). */
  readonly utilisation: number;
  /** Within how long 95 of 100 requests have to be answered (s). */
  readonly p95Seconds?: number;
  /** From taking an instance out of rotation to having its successor in it (s). */
  readonly replaceSeconds: number;
  /** A number of instances to be looked at besides. */
  readonly instances?: number;
}

/** What a number of instances means for the load. Times are Infinity where the workers do not suffice. */
export interface PlanRow {
  readonly instances: number;
  readonly utilisation: number;
  /** Share of the requests that wait for a worker. */
  readonly waiting: number;
  readonly meanWaitSeconds: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly p99Seconds: number;
  /** Where each instance has a queue of its own that gets its share at random. */
  readonly ownQueueP95Seconds: number;
}

export interface Plan {
  readonly asked: PlanAsked;
  /** Little's law. */
  readonly busyWorkers: number;
  /** perSecond x serviceSeconds / workers. */
  readonly formula: number;
  /** The formula's result taken for workers and divided by the workers of an instance again, rounded up; and the most that so many instances carry. */
  readonly dividedTwice: { readonly instances: number; readonly perSecond: number };
  /** Least that keeps the utilisation and the objective. null: no number keeps the objective, the service time alone misses it. */
  readonly needed: number | null;
  /** By number of instances, without repetition. */
  readonly rows: readonly PlanRow[];
  readonly rolling: RollingUpdate | null;
}

/** A rolling update of `needed` instances, one at a time. */
export interface RollingUpdate {
  readonly seconds: number;
  /** With one instance missing all the time. */
  readonly missing: PlanRow;
  /** Requests that pile up until its end where the rest does not suffice. */
  readonly piledUp: number;
  /** With one more started first, nothing is missing; this much more time of an instance is paid for (s). */
  readonly surgeInstanceSeconds: number;
}

export function planFor(asked: PlanAsked): Plan {
  const { perSecond, serviceSeconds, workers, replaceSeconds } = asked;
  const busyWorkers = busyServers({ arrivalsPerSecond: perSecond, serviceSeconds });
  const formula = busyWorkers / workers;
  const twice = roundUp(formula / workers);
  const needed = neededInstances(asked, formula);
  const instances = [roundUp(formula), ...(needed === null ? [] : [needed, needed + 1]), ...(asked.instances === undefined ? [] : [asked.instances])];
  const rowOf = (count: number): PlanRow => planRow(asked, count);
  return {
    asked,
    busyWorkers,
    formula,
    dividedTwice: { instances: twice, perSecond: (twice * workers) / serviceSeconds },
    needed,
    rows: [...new Set(instances)].sort((a, b) => a - b).map(rowOf),
    rolling: needed === null ? null : rolling(),
  };

  function rolling(): RollingUpdate {
    const count = needed as number;
    const seconds = count * replaceSeconds;
    const carried = ((count - 1) * workers) / serviceSeconds;
    return { seconds, missing: rowOf(count - 1), piledUp: Math.max(0, perSecond - carried) * seconds, surgeInstanceSeconds: seconds };
  }
}

/** What floating point makes of 25 (10 x 5 / 2, or 0.1 x 3 / 0.3) is 25 instances and not 26. */
function roundUp(value: number): number {
  return Math.max(1, Math.ceil(value - 1e-9));
}

function neededInstances(asked: PlanAsked, formula: number): number | null {
  const least = roundUp(formula / asked.utilisation);
  const { p95Seconds } = asked;
  if (p95Seconds === undefined) return least;
  const keeps = (instances: number): boolean => responseQuantileSeconds(queueOf(asked, instances), 0.95) <= p95Seconds;
  // With ten times the workers nobody waits any more.
  if (!keeps(10 * least)) return null;
  let [short, enough] = [least - 1, 10 * least];
  while (enough - short > 1) {
    const middle = (short + enough) >> 1;
    if (keeps(middle)) enough = middle;
    else short = middle;
  }
  return enough;
}

function queueOf({ perSecond, serviceSeconds, workers, serviceCv, arrivalCv }: PlanAsked, instances: number): Queue {
  return { servers: instances * workers, arrivalsPerSecond: perSecond, serviceSeconds, serviceCv, arrivalCv };
}

function planRow(asked: PlanAsked, instances: number): PlanRow {
  const queue = queueOf(asked, instances);
  // Arrivals that are dealt out at random lose what they knew of each other: Whitt, "The Queueing Network Analyzer", 1983, equation 26.
  const own: Queue = {
    ...queue,
    servers: asked.workers,
    arrivalsPerSecond: asked.perSecond / instances,
    arrivalCv: Math.sqrt(1 + (asked.arrivalCv ** 2 - 1) / instances),
  };
  const enough = instances > 0;
  const quantile = (of: Queue, q: number): number => (enough ? responseQuantileSeconds(of, q) : Number.POSITIVE_INFINITY);
  return {
    instances,
    utilisation: enough ? utilisation(queue) : Number.POSITIVE_INFINITY,
    waiting: enough ? waitProbability(queue.servers, busyServers(queue)) : 1,
    meanWaitSeconds: enough ? meanWaitSeconds(queue) : Number.POSITIVE_INFINITY,
    p50Seconds: quantile(queue, 0.5),
    p95Seconds: quantile(queue, 0.95),
    p99Seconds: quantile(queue, 0.99),
    ownQueueP95Seconds: quantile(own, 0.95),
  };
}
