/** The coverage of the experiments -> the matrix of the run. Pure. */
import type { CoverageRow, ExperimentVerdict, OutcomeCounts } from "../core/verdict.ts";
import type { FaultMet } from "./model.ts";
import { clip } from "./text.ts";

/** Whether a cell of the row has fewer successes than the experiment needs. */
export function tooEmpty({ before, during, after, least }: CoverageRow): boolean {
  return Math.min(before.ok, during.ok, after.ok) < least;
}

type Phases = Readonly<Record<(typeof phases)[number], OutcomeCounts>>;

export const phases = ["before", "during", "after"] as const;
const none: Phases = { before: { ok: 0, fail: 0, info: 0 }, during: { ok: 0, fail: 0, info: 0 }, after: { ok: 0, fail: 0, info: 0 } };

/** A row for each fault and kind of victim, ordered by name; instances of one role are one kind. */
export function faultsMet(experiments: readonly ExperimentVerdict[]): FaultMet[] {
  const rows = new Map<string, { injections: Set<string>; operations: Map<string, Phases> }>();
  for (const { experiment, coverage } of experiments) {
    for (const { injection, fault, on, operation: whole, ...met } of coverage) {
      const operation = clip(whole, 80);
      const name = `${clip(fault, 80)} of ${clip(on, 80).replace(/-\d+(?=->|$)/g, "")}`;
      const row = rows.get(name) ?? { injections: new Set(), operations: new Map() };
      rows.set(name, row);
      row.injections.add(`${experiment} ${clip(injection, 80)}`);
      row.operations.set(operation, added(row.operations.get(operation) ?? none, met));
    }
  }
  return [...rows]
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([fault, { injections, operations }]) => ({
      ...{ fault, injections: injections.size },
      operations: Object.fromEntries([...operations].slice(0, 24)),
    }));
}

function added(a: Phases, b: Phases): Phases {
  const sum = (phase: (typeof phases)[number]): OutcomeCounts => ({
    ok: a[phase].ok + b[phase].ok,
    fail: a[phase].fail + b[phase].fail,
    info: a[phase].info + b[phase].info,
  });
  return { before: sum("before"), during: sum("during"), after: sum("after") };
}
