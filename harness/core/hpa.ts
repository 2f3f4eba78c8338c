/**
 * Kubernetes' horizontal pod autoscaler (autoscaling/v2) as a function of what it reads: the recommendation with its tolerance, pods that are not
 * ready, `behavior` (stabilisation and rates), and the bounds. Source: the Kubernetes documentation, "Horizontal Pod Autoscaling". AB-16.
 */
import { type Change, limitOf, longestPeriodMs, type ScalingRules, usualRules } from "./scaling-rules.ts";

export interface Autoscaling {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Target utilisation by metric, in per cent of what a pod requests. */
  readonly targets: Readonly<Record<string, number>>;
  /** A ratio of reading to target this close to 1 changes nothing. */
  readonly tolerance: number;
  readonly up: ScalingRules;
  readonly down: ScalingRules;
}

/** What a cluster has that says nothing else, with the numbers of the guide's manifest (seed 002): 3 to 10, 70 % CPU, 80 % memory. */
export const guideAutoscaling: Autoscaling = {
  minReplicas: 3,
  maxReplicas: 10,
  targets: { cpu: 70, memory: 80 },
  tolerance: 0.1,
  ...usualRules,
};

/** How often the controller looks (ms). */
export const syncMs = 15_000;

export interface Reading {
  /** ms on any clock that does not step back. */
  readonly time: number;
  readonly ready: number;
  /** Pods that exist and are not ready yet: while growing they count as idle, so that who is on the way is not asked for again. */
  readonly unready: number;
  /** Mean utilisation of the ready pods by metric (per cent of the request). A metric that could not be read is absent. */
  readonly utilisation: Readonly<Record<string, number>>;
}

/** How many replicas one metric asks for. */
function recommended({ ready, unready }: Reading, value: number, target: number, tolerance: number): number {
  const all = ready + unready;
  const ratio = value / target;
  if (Math.abs(ratio - 1) <= tolerance) return all;
  if (ratio < 1 || unready === 0) return Math.ceil(ratio * ready);
  const withIdle = (ratio * ready) / all;
  return withIdle <= 1 + tolerance ? all : Math.ceil(withIdle * all);
}

/** An autoscaler with its memory. Returns the number of replicas that it sets at each reading; readings come in the order of time. */
export function autoscaler(settings: Autoscaling): (reading: Reading) => number {
  const { minReplicas, maxReplicas, targets, tolerance, up, down } = settings;
  let recommendations: { readonly time: number; readonly replicas: number }[] = [];
  let changes: Change[] = [];
  const periodMs = longestPeriodMs([up, down]);
  return (reading) => {
    const { time, ready, unready, utilisation } = reading;
    const current = ready + unready;
    const wanted = Object.entries(targets).flatMap(([metric, target]) => {
      const value = utilisation[metric];
      return value === undefined ? [] : [recommended(reading, value, target, tolerance)];
    });
    // With a metric missing the others may ask for more, never for fewer.
    const most = Math.max(...wanted, wanted.length < Object.keys(targets).length ? current : 0);
    const keptMs = Math.max(up.stabilisationMs, down.stabilisationMs);
    recommendations = [...recommendations.filter((old) => time - old.time <= keptMs), { time, replicas: most }];
    changes = changes.filter((old) => time - old.time < periodMs);
    const highest = Math.max(...recommendations.filter((old) => time - old.time <= down.stabilisationMs).map(({ replicas }) => replicas));
    // One that is just as old as the window has left it: at a window of nothing the last one decides.
    const lowest = Math.min(most, ...recommendations.filter((old) => time - old.time < up.stabilisationMs).map(({ replicas }) => replicas));
    const stable = Math.min(Math.max(current, lowest), highest);
    const allowed =
      stable >= current
        ? Math.min(stable, limitOf("up", up, current, changes, time))
        : Math.max(stable, limitOf("down", down, current, changes, time));
    const replicas = Math.min(maxReplicas, Math.max(minReplicas, allowed));
    if (replicas !== current) changes.push({ time, by: replicas - current });
    return replicas;
  };
}

export interface Replayed {
  readonly time: number;
  readonly load: number;
  /** After the decision at this time. */
  readonly replicas: number;
  /** At this time, serving the load. */
  readonly ready: number;
}

export interface Replay {
  readonly settings: Autoscaling;
  /** The load at each look of the controller, in any unit. */
  readonly loads: readonly number[];
  /** What the ready pods show under a load, by metric (per cent of the request). */
  readonly utilisation: (load: number, ready: number) => Readonly<Record<string, number>>;
  /** From a decision to a pod that is ready (ms). */
  readonly startMs: number;
}

/** Replays a series of loads, a look every `syncMs`, beginning with the least number of pods, all ready. */
export function replayAutoscaling({ settings, loads, utilisation, startMs }: Replay): readonly Replayed[] {
  const scale = autoscaler(settings);
  let readyFrom: number[] = Array.from({ length: settings.minReplicas }, () => 0);
  return loads.map((load, i) => {
    const time = i * syncMs;
    const ready = readyFrom.filter((at) => at <= time).length;
    const replicas = scale({ time, ready, unready: readyFrom.length - ready, utilisation: utilisation(load, ready) });
    // Pods that are not ready yet go first.
    readyFrom = readyFrom.slice(0, replicas);
    while (readyFrom.length < replicas) readyFrom.push(time + startMs);
    return { time, load, replicas, ready };
  });
}

/** How often the number of replicas turned: went down after it had gone up, or up after it had gone down. Flapping is turning without the load. */
export function turns(replayed: readonly Pick<Replayed, "replicas">[]): number {
  const steps = replayed.map(({ replicas }, i) => Math.sign(replicas - (replayed[i - 1]?.replicas ?? replicas))).filter((step) => step !== 0);
  return steps.filter((step, i) => i > 0 && step !== steps[i - 1]).length;
}
