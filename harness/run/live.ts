/** The load as it goes on, for the progress line and for the decision when to strike. Verdicts are made from the saved record instead. */
import type { HistoryLine, Operation } from "../core/history.ts";
import { pairOperations } from "../core/pair.ts";
import { recentMs } from "./recent.ts";

export interface Live {
  take(lines: readonly HistoryLine[]): void;
  /** Figures of the last full second. */
  rate(): { readonly perSecond: number; readonly errors: number };
  totals(): { readonly operations: number; readonly errors: number };
  /** How many operations an instance answered in the second before the latest line. */
  answeredBy(instance: string): number;
  /** The operations of the last seconds, on the harness clock. */
  operations(): readonly Operation[];
}

export function openLive(): Live {
  const seconds: { done: number; errors: number }[] = [];
  let operations = 0;
  let errors = 0;
  let clock: HistoryLine | undefined;
  let recent: HistoryLine[] = [];
  const at = (time: number): { done: number; errors: number } => {
    const index = Math.max(0, Math.floor(time / 1000));
    while (seconds.length <= index) seconds.push({ done: 0, errors: 0 });
    return seconds[index] as { done: number; errors: number };
  };
  return {
    take(lines) {
      for (const line of lines) {
        const second = at(line.time);
        if (line.type === "clock") {
          if (clock?.type !== "clock" || line.delta < clock.delta) clock = line;
        } else if (line.type !== "beat") {
          recent.push(line);
          if (line.type === "invoke") continue;
          operations++;
          second.done++;
          if (line.served === "yes") continue;
          errors++;
          second.errors++;
        }
      }
      const from = seconds.length * 1000 - recentMs;
      recent = recent.filter((line) => line.time >= from);
    },
    rate() {
      const second = seconds[seconds.length - 2];
      return { perSecond: second?.done ?? 0, errors: second?.errors ?? 0 };
    },
    totals: () => ({ operations, errors }),
    answeredBy(instance) {
      const from = (recent.at(-1)?.time ?? 0) - 1000;
      return recent.filter((line) => line.type !== "invoke" && "by" in line && line.by === instance && line.time > from).length;
    },
    // What began before the recent lines has lost its beginning; the pairing leaves it out.
    operations: () => pairOperations(clock ? [clock, ...recent] : recent).operations,
  };
}
