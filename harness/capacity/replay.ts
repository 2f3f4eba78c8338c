/** What an autoscaler would have done under a recorded load, and whether its pods carried it (AB-16). */
import { type Autoscaling, type Replayed, replayAutoscaling, syncMs, turns } from "../core/hpa.ts";

export interface LoadReplay {
  readonly settings: Autoscaling;
  /** Requests per second, one for each look of the autoscaler (15 s). */
  readonly loads: readonly number[];
  /** What one instance can serve. */
  readonly perInstancePerSecond: number;
  /** CPU time of a request (s). */
  readonly cpuSecondsPerRequest: number;
  /** Cores that a pod requests; utilisation is told in per cent of it. */
  readonly requestedCores: number;
  /** From a decision to a pod that serves (ms). */
  readonly startMs: number;
}

interface Look extends Replayed {
  /** Requests that wait at the end of the look. */
  readonly backlog: number;
}

export interface LoadReplayed {
  readonly looks: readonly Look[];
  readonly least: number;
  readonly most: number;
  /** How often the number of replicas changed, and how often it turned from growing to shrinking or back. */
  readonly changes: number;
  readonly turns: number;
  /** Looks at whose end requests waited. */
  readonly behind: number;
  /** The longest that a request would have waited (s). */
  readonly longestWaitSeconds: number;
  /** Replicas times hours, and what the most of them would have used all the time. */
  readonly instanceHours: number;
  readonly fixedInstanceHours: number;
}

const lookSeconds = syncMs / 1000;

/** What cannot be served in a look waits for the next one, and keeps the CPU busy then. @param loads at least one */
export function replayLoad({ settings, loads, perInstancePerSecond, cpuSecondsPerRequest, requestedCores, startMs }: LoadReplay): LoadReplayed {
  let backlog = 0;
  const backlogs: number[] = [];
  let longestWaitSeconds = 0;
  const replayed = replayAutoscaling({
    settings,
    loads,
    startMs,
    utilisation: (load, ready) => {
      const capacity = ready * perInstancePerSecond;
      const wanted = load + backlog / lookSeconds;
      const served = Math.min(wanted, capacity);
      backlog = Math.max(0, (wanted - served) * lookSeconds);
      // Rounding is no backlog.
      if (backlog < 1e-6) backlog = 0;
      backlogs.push(backlog);
      longestWaitSeconds = Math.max(longestWaitSeconds, backlog === 0 ? 0 : backlog / capacity);
      return { cpu: (100 * served * cpuSecondsPerRequest) / (ready * requestedCores) };
    },
  });
  const looks = replayed.map((look, i) => ({ ...look, backlog: backlogs[i] as number }));
  const replicas = looks.map((look) => look.replicas);
  const total = replicas.reduce((sum, count) => sum + count, 0);
  const most = Math.max(...replicas);
  const hours = lookSeconds / 3600;
  return {
    looks,
    least: Math.min(...replicas),
    most,
    changes: replicas.filter((count, i) => i > 0 && count !== replicas[i - 1]).length,
    turns: turns(looks),
    behind: backlogs.filter((waiting) => waiting > 0).length,
    longestWaitSeconds,
    instanceHours: total * hours,
    fixedInstanceHours: most * looks.length * hours,
  };
}

/** A load recorded at any step, as the autoscaler looks at it: the mean of what falls into each look, or the value that covers it. */
export function perLook(loads: readonly number[], stepSeconds: number): number[] {
  const looks = Math.max(1, Math.round((loads.length * stepSeconds) / lookSeconds));
  return Array.from({ length: looks }, (_, look) => {
    const from = Math.floor((look * lookSeconds) / stepSeconds + 1e-9);
    const to = Math.max(from + 1, Math.floor(((look + 1) * lookSeconds) / stepSeconds + 1e-9));
    const covered = loads.slice(from, to);
    return covered.reduce((sum, load) => sum + load, 0) / Math.max(1, covered.length);
  });
}
