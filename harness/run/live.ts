/** The load as it goes on, for the progress line and for the decision when to strike. Verdicts are made from the saved record instead. */
import type { HistoryLine } from "../core/history.ts";
import type { Sample } from "../core/records.ts";

interface Second {
  started: number;
  served: number;
  refused: number;
  readonly by: Set<string>;
}

export interface Live {
  take(lines: readonly HistoryLine[]): void;
  /** Figures of the last full second. */
  rate(): { readonly perSecond: number; readonly errors: number };
  totals(): { readonly operations: number; readonly errors: number };
  /** Why the last `windowMs` are not a steady state; "" when they are. Queue instances are seen by `working`. */
  unsteady(options: {
    readonly windowMs: number;
    readonly startsPerSecond: number;
    readonly instances: readonly { readonly name: string; readonly front: boolean }[];
    readonly hasWorked: (instance: string) => boolean;
    readonly samples: ReadonlyMap<string, Sample>;
  }): string;
}

export function openLive(): Live {
  const seconds: Second[] = [];
  let operations = 0;
  let errors = 0;
  let newest = 0;
  const at = (time: number): Second => {
    const index = Math.max(0, Math.floor(time / 1000));
    while (seconds.length <= index) seconds.push({ started: 0, served: 0, refused: 0, by: new Set() });
    newest = Math.max(newest, index);
    return seconds[index] as Second;
  };
  return {
    take(lines) {
      for (const line of lines) {
        if (line.type === "clock" || line.type === "beat") {
          at(line.time);
        } else if (line.type === "invoke") {
          // Only operations that the schedule starts tell whether the schedule is kept.
          if (line.intended !== undefined) at(line.intended).started++;
        } else {
          operations++;
          const second = at(line.time);
          if (line.served === "yes") second.served++;
          else {
            second.refused++;
            errors++;
          }
          if (line.by !== undefined) second.by.add(line.by);
        }
      }
    },
    rate() {
      const second = seconds[newest - 1];
      return { perSecond: (second?.served ?? 0) + (second?.refused ?? 0), errors: second?.refused ?? 0 };
    },
    totals: () => ({ operations, errors }),
    unsteady({ windowMs, startsPerSecond, instances, hasWorked, samples }) {
      const length = Math.ceil(windowMs / 1000);
      const window = seconds.slice(Math.max(0, newest - length), newest);
      if (window.length < length) return `the load has run for ${newest} s of ${length} s`;
      const started = window.reduce((sum, second) => sum + second.started, 0) / length;
      if (Math.abs(started - startsPerSecond) > startsPerSecond * 0.1)
        return `${started.toFixed(1)} operations/s started, ${startsPerSecond} are scheduled`;
      const refused = window.reduce((sum, second) => sum + second.refused, 0);
      if (refused > 0) return `${refused} operations were not served`;
      const oldest = samples.get("backlog")?.values.oldestMs ?? 0;
      if (oldest >= 1000) return `the oldest waiting run is ${Math.round(oldest)} ms old`;
      for (const { name, front } of instances) {
        if (samples.get(name)?.values.ready !== 1) return `${name} is not ready`;
        if (front ? !window.some((second) => second.by.has(name)) : !hasWorked(name)) return `${name} has not been seen serving`;
      }
      return "";
    },
  };
}
