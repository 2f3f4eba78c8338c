/** The coverage of the experiments -> the matrix of the run. Pure. */
import type { CoverageRow, ExperimentVerdict, OutcomeCounts } from "../core/verdict.ts";
import type { FaultMet } from "./model.ts";
import { clip } from "./text.ts";

/** Whether a cell of the row has fewer successes than the experiment needs. */
export function tooEmpty({ before, during, after, least }: CoverageRow): boolean {
  return Math.min(before.ok, during.ok, after.ok) < least;
}

/** A row for each fault and kind of victim, ordered by name; instances of one role are one kind. */
export function faultsMet(experiments: readonly ExperimentVerdict[]): FaultMet[] {
  const rows = new Map<string, { injections: Set<string>; operations: Map<string, OutcomeCounts> }>();
  for (const { experiment, coverage } of experiments) {
    for (const { injection, fault, on, operation: whole, during } of coverage) {
      const operation = clip(whole, 80);
      const name = `${clip(fault, 80)} of ${clip(on, 80).replace(/-\d+(?=->|$)/g, "")}`;
      const row = rows.get(name) ?? { injections: new Set(), operations: new Map() };
      rows.set(name, row);
      row.injections.add(`${experiment} ${clip(injection, 80)}`);
      const before = row.operations.get(operation) ?? { ok: 0, fail: 0, info: 0 };
      row.operations.set(operation, { ok: before.ok + during.ok, fail: before.fail + during.fail, info: before.info + during.info });
    }
  }
  return [...rows]
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([fault, { injections, operations }]) => ({
      ...{ fault, injections: injections.size },
      operations: Object.fromEntries([...operations].slice(0, 24)),
    }));
}
