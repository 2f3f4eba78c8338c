/** How clients fared in each fault, by the definitions by which claims are judged, whether or not the experiment judges them. */
import { join } from "node:path";
import { availabilityOf } from "../checkers/availability-figures.ts";
import type { Operation } from "../core/history.ts";
import type { FaultEvent, Transition } from "../core/records.ts";
import type { Recovery } from "./model.ts";
import type { History } from "./read-history.ts";
import { readJsonLines } from "./read-lines.ts";
import { clip, grouped } from "./text.ts";

/** The figures need every operation at once, which a larger run has no room for. */
const operationsAtMost = 300_000;
const injectionsAtMost = 24;
const f = "scheduled";

export async function recoveriesOf(options: {
  readonly directory: string;
  readonly faults: readonly FaultEvent[];
  readonly history: History;
  readonly loadEndsAt: number;
  readonly startsPerSecond: number;
  readonly endsAt: number;
}): Promise<{ readonly recoveries: readonly Recovery[]; readonly notes: readonly string[] }> {
  const { directory, faults, history, loadEndsAt, startsPerSecond, endsAt } = options;
  if (faults.length === 0 || history.operations.count === 0) return { recoveries: [], notes: [] };
  if (history.operations.count > operationsAtMost)
    return {
      recoveries: [],
      notes: [`Times to detect and recover are not drawn for more than ${grouped(operationsAtMost)} operations; the claims' own figures stand.`],
    };
  const transitions: Transition[] = [];
  await readJsonLines(join(directory, "transitions.jsonl"), "transitions.jsonl", (row) => {
    if (typeof row.subject === "string" && typeof row.time === "number" && typeof row.seq === "number")
      transitions.push(row as unknown as Transition);
  });
  const figures = availabilityOf(
    {
      ...{ ledger: [], writes: [], samples: [], notices: [], cutOff: false, deltaMs: 0, lagMs: 0 },
      ...{ operations: scheduledOf(history, loadEndsAt), transitions, faults, endsAt, scheduledPerSecond: startsPerSecond, constants: {} },
    },
    [f],
  );
  const recoveries = figures.slice(0, injectionsAtMost).map(
    (one): Recovery => ({
      ...{ id: clip(one.injection.id, 80), on: clip(one.injection.on, 80) },
      ...{ detectMs: one.timeToDetectMs, handOverMs: one.timeToHandOverMs, firstSuccessMs: one.timeToFirstSuccessMs, steadyMs: one.timeToSteadyMs },
      ...{ operations: one.during.length, failed: one.failed.length },
    }),
  );
  return { recoveries, notes: [] };
}

/** What the schedule wanted; of a load without one, everything. */
function scheduledOf({ operations, offsetMs, scheduled }: History, loadEndsAt: number): readonly Operation[] {
  const all: Operation[] = [];
  for (let i = 0; i < operations.count; i++) {
    const { intendedAt, invokedAt, answeredAt, served, timed, unknown } = operations.at(i);
    if (!timed && scheduled > 0) continue;
    const answered = answeredAt + offsetMs;
    const at = unknown && answered >= loadEndsAt ? Number.POSITIVE_INFINITY : answered;
    all.push({
      ...{ index: i, process: "", f, key: "", input: null, output: null, error: "", by: "", outcome: "ok", served },
      ...{ intendedAt: intendedAt + offsetMs, invokedAt: invokedAt + offsetMs, completedAt: at, answeredAt: at },
    });
  }
  return all;
}
