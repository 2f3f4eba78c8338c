/** Reads one experiment's files back into the evidence that checkers judge. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readAll } from "../base/journal.ts";
import { injectionsOf } from "../checkers/injections.ts";
import { type HistoryLine, type Operation, wasInterrupted } from "../core/history.ts";
import { pairOperations } from "../core/pair.ts";
import type { FaultEvent, LedgerEntry, ResourceWrite, Sample, Transition } from "../core/records.ts";
import type { Target } from "../core/target.ts";
import type { Evidence } from "../core/verdict.ts";

import type { LoadSummary } from "./load.ts";
import type { ExperimentRecord } from "./record.ts";

function withoutInterruption(operation: Operation, loadEndsAt: number): Operation {
  return wasInterrupted(operation.outcome, operation.answeredAt, loadEndsAt) ? { ...operation, answeredAt: Number.POSITIVE_INFINITY } : operation;
}

/** An instance that was stopped or has just been started is late for a reason; so long after that it is not (ms). */
const recoveredMs = 2000;

/** The largest timer lag (ms) of the harness, and of instances at times when no fault of their own explains it, once the load runs. */
function worstLagMs(samples: readonly Sample[], faults: readonly FaultEvent[], from: number): number {
  const own = injectionsOf(faults);
  const explained = ({ source, time }: Sample): boolean =>
    own.some((one) => (one.on === source || one.fault === "scale") && one.requestedAt <= time && time <= one.healedAt + recoveredMs);
  return samples.reduce((worst, sample) => (sample.time < from || explained(sample) ? worst : Math.max(worst, sample.values.lagMs ?? 0)), 0);
}

export interface SavedExperiment {
  readonly record: ExperimentRecord;
  readonly load: LoadSummary;
  readonly evidence: Evidence;
  /** What is wrong with the record itself: sentences for the validity check. */
  readonly problems: readonly string[];
}

/**
 * @throws UserError naming file and line of a malformed record
 */
export async function readExperiment(directory: string, target: Target): Promise<SavedExperiment> {
  const file = (name: string): string => join(directory, name);
  const problems: string[] = [];
  const read = <T>(name: string): Promise<T[]> => readAll<T>(file(name), (problem) => problems.push(problem));
  const record: ExperimentRecord = JSON.parse(await readFile(file("experiment.json"), "utf8"));
  const load: LoadSummary = JSON.parse(await readFile(file("load.json"), "utf8"));
  const paired = pairOperations(await read<HistoryLine>("history.jsonl"));
  problems.push(...paired.problems);
  if (!paired.clock) problems.push("The history holds no clock line, so its times cannot be set against the ledger's.");
  const samples = await read<Sample>("samples.jsonl");
  const faults = await read<FaultEvent>("faults.jsonl");
  return {
    record,
    load,
    problems,
    evidence: {
      operations: paired.operations.map((operation) => withoutInterruption(operation, record.loadEndsAt)),
      ledger: await read<LedgerEntry>("ledger.jsonl"),
      transitions: await read<Transition>("transitions.jsonl"),
      writes: await read<ResourceWrite>("writes.jsonl"),
      faults,
      samples,
      constants: target.constants,
      endsAt: record.endsAt,
      deltaMs: Math.max(record.deltaMs, paired.clock?.deltaMs ?? 0),
      lagMs: worstLagMs(samples, faults, paired.operations[0]?.invokedAt ?? 0),
      scheduledPerSecond: record.startsPerSecond,
    },
  };
}
