/**
 * How long requests wait and take where `servers` workers take them in order from one queue. M/M/c is exact (Erlang's formula C, 1917); other distributions are approximated:
 * the mean wait by Allen and Cunneen (Allen, "Probability, Statistics, and Queueing Theory", 1990), the wait of those who do wait as exponential, service times as gamma
 * distributed. What that is good for is measured against a simulation in queueing.test.ts.
 */
import { chiSquareSurvival } from "../core/chi-square.ts";

export interface Queue {
  /** Requests that can be served at a time. */
  readonly servers: number;
  readonly arrivalsPerSecond: number;
  /** Mean (s). */
  readonly serviceSeconds: number;
  /** Coefficient of variation of the service time: standard deviation over mean. 0: always the same; 1: exponential. */
  readonly serviceCv: number;
  /** Of the time between arrivals. 1: independent users (Poisson). */
  readonly arrivalCv: number;
}

/** Little's law: the mean number of busy servers ("A Proof for the Queuing Formula L = lambda W", 1961). */
export function busyServers({ arrivalsPerSecond, serviceSeconds }: Pick<Queue, "arrivalsPerSecond" | "serviceSeconds">): number {
  return arrivalsPerSecond * serviceSeconds;
}

/** Share of the servers' time that is needed; from 1 on the queue grows without end. */
export function utilisation(queue: Queue): number {
  return busyServers(queue) / queue.servers;
}

/** The probability that an arrival waits, by Erlang's formula C. @param load busy servers on average; 1 when they do not suffice */
export function waitProbability(servers: number, load: number): number {
  if (load >= servers) return 1;
  let blocked = 1;
  for (let i = 1; i <= servers; i++) blocked = (load * blocked) / (i + load * blocked);
  return blocked / (1 - (load / servers) * (1 - blocked));
}

/** Mean time in the queue (s); Infinity when the servers do not suffice. */
export function meanWaitSeconds(queue: Queue): number {
  const { servers, serviceSeconds, serviceCv, arrivalCv } = queue;
  const load = busyServers(queue);
  if (load >= servers) return Number.POSITIVE_INFINITY;
  return (((serviceCv ** 2 + arrivalCv ** 2) / 2) * waitProbability(servers, load) * serviceSeconds) / (servers - load);
}

/** The time (s), wait and service, within which a share `q` (0..1) of requests is answered. Infinity when the servers do not suffice. */
export function responseQuantileSeconds(queue: Queue, q: number): number {
  const meanWait = meanWaitSeconds(queue);
  if (!Number.isFinite(meanWait)) return meanWait;
  const waiting = waitProbability(queue.servers, busyServers(queue));
  const later = (t: number): number => responseSurvival(queue, waiting, meanWait === 0 ? Number.POSITIVE_INFINITY : waiting / meanWait, t);
  let [low, high] = [0, queue.serviceSeconds];
  while (later(high) > 1 - q) high *= 2;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (later(middle) > 1 - q) low = middle;
    else high = middle;
  }
  return high;
}

const steps = 200;

/** The probability that wait and service together take longer than `t` seconds: service alone does, or what it leaves is too little for the wait. @param rate of the wait of those who wait (1/s) */
function responseSurvival(queue: Queue, waiting: number, rate: number, t: number): number {
  let longer = serviceSurvival(queue, t);
  let before = 1;
  for (let i = 1; i <= steps; i++) {
    const survival = serviceSurvival(queue, (t * i) / steps);
    longer += (before - survival) * waiting * Math.exp((-rate * t * (steps - i + 0.5)) / steps);
    before = survival;
  }
  return longer;
}

/** Below this a gamma distribution is as good as no variation at all. */
const leastCv = 0.05;

function serviceSurvival({ serviceSeconds, serviceCv }: Queue, t: number): number {
  if (serviceCv < leastCv) return t < serviceSeconds ? 1 : 0;
  // The gamma distribution of variation 1 is the exponential one, which costs nothing.
  if (serviceCv === 1) return Math.exp(-t / serviceSeconds);
  const variance = serviceCv ** 2;
  return chiSquareSurvival((2 * t) / (serviceSeconds * variance), 2 / variance);
}
