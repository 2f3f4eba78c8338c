/** The parts of an experiment's record that are no stream: what is known at its start, and what is known at its end. */
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ScheduledFault, Topology } from "../core/experiment.ts";
import type { ResourceWrite, Transition } from "../core/records.ts";
import type { Driver } from "../drivers/stack.ts";

/** What `experiment.json` holds from the start on. */
export interface StartRecord {
  readonly seed: number;
  readonly startedAt: string;
  readonly topology: Topology;
  readonly schedule: readonly ScheduledFault[];
  readonly startsPerSecond: number;
  /** What had brought it up; absent in older records: processes. */
  readonly driver?: Driver["id"];
}

/** What is added at the end; missing where the harness was killed. */
export interface EndRecord {
  readonly deltaMs: number;
  readonly loadEndsAt: number;
  readonly endsAt: number;
  /** Whether every run was terminal at the end; only then, or after the full drain time, is a missing one lost. */
  readonly drained: boolean;
  /** What kept the experiment from its plan, in a sentence; "" if nothing. The record up to then is complete. */
  readonly problem: string;
  /** Files that the planted defect edits and nothing has read. */
  readonly unreadEdits: readonly string[];
}

export type ExperimentRecord = StartRecord & Partial<EndRecord>;

/** Called again when the load is about to be ended: what it leaves open from then on says nothing of the target. */
export async function saveStart(directory: string, start: StartRecord & Partial<Pick<EndRecord, "loadEndsAt">>): Promise<void> {
  await replace(join(directory, "experiment.json"), JSON.stringify(start, null, 1));
}

/** The audit trail takes the place of the copy that was made as it grew; the end comes last, and with it the record is whole. */
export async function saveEnd(
  directory: string,
  record: StartRecord & EndRecord,
  { transitions, writes }: { readonly transitions: readonly Transition[]; readonly writes: readonly ResourceWrite[] },
): Promise<void> {
  const lines = (records: readonly unknown[]): string => records.map((one) => `${JSON.stringify(one)}\n`).join("");
  await replace(join(directory, "transitions.jsonl"), lines(transitions));
  await replace(join(directory, "writes.jsonl"), lines(writes));
  await replace(join(directory, "experiment.json"), JSON.stringify(record, null, 1));
}

/** All or nothing, whenever the harness is killed. */
async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
