/** The part of an experiment's record that is written at its end, beside the streams that were written as it went on. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ScheduledFault, Topology } from "../core/experiment.ts";
import type { ResourceWrite, Transition } from "../core/records.ts";

/** What `experiment.json` holds: the facts that are no stream of records. */
export interface ExperimentRecord {
  readonly seed: number;
  readonly startedAt: string;
  readonly topology: Topology;
  readonly schedule: readonly ScheduledFault[];
  readonly startsPerSecond: number;
  readonly deltaMs: number;
  readonly loadEndsAt: number;
  readonly endsAt: number;
  /** Whether every run was terminal at the end; only then, or after the full drain time, is a missing one lost. */
  readonly drained: boolean;
  /** What kept the experiment from its plan, in a sentence; "" if nothing. The record up to then is complete. */
  readonly problem: string;
}

export async function saveRecord(
  directory: string,
  {
    record,
    transitions,
    writes,
  }: { readonly record: ExperimentRecord; readonly transitions: readonly Transition[]; readonly writes: readonly ResourceWrite[] },
): Promise<void> {
  const lines = (records: readonly unknown[]): string => records.map((one) => `${JSON.stringify(one)}\n`).join("");
  await writeFile(join(directory, "transitions.jsonl"), lines(transitions));
  await writeFile(join(directory, "writes.jsonl"), lines(writes));
  await writeFile(join(directory, "experiment.json"), JSON.stringify(record, null, 1));
}
