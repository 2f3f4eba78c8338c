/** Reads one experiment's files back into the evidence that checkers judge. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readAll } from "../base/journal.ts";
import { cutOff } from "../checkers/cut.ts";
import { worstLagMs } from "../checkers/stalls.ts";
import { type HistoryLine, type Operation, wasInterrupted } from "../core/history.ts";
import { pairOperations } from "../core/pair.ts";
import type { Beat, FaultEvent, LedgerEntry, Notice, ResourceWrite, Sample, Transition } from "../core/records.ts";
import { largest } from "../core/stats.ts";
import type { Target } from "../core/target.ts";
import type { Evidence } from "../core/verdict.ts";

import type { LoadSummary } from "./load.ts";
import type { ExperimentRecord } from "./record.ts";

function withoutInterruption(operation: Operation, loadEndsAt: number): Operation {
  return wasInterrupted(operation.outcome, operation.answeredAt, loadEndsAt) ? { ...operation, answeredAt: Number.POSITIVE_INFINITY } : operation;
}

export interface SavedExperiment {
  readonly record: ExperimentRecord;
  /** null: the harness was killed before it had ended the load. */
  readonly load: LoadSummary | null;
  readonly evidence: Evidence;
  /** The same without the operations of other clients than the load's, which assumptions about the load are judged by. */
  readonly ofLoad: Evidence;
  /** What is wrong with the record itself: sentences for the validity check. */
  readonly problems: readonly string[];
}

/**
 * Reads the record back. One without an end, because the harness was killed, is cut at the earliest last beat of its recorders.
 *
 * @throws UserError naming file and line of a malformed record
 */
export async function readExperiment(directory: string, target: Target): Promise<SavedExperiment> {
  const file = (name: string): string => join(directory, name);
  const problems: string[] = [];
  const read = <T>(name: string): Promise<T[]> => readAll<T>(file(name), (problem) => problems.push(problem));
  const record: ExperimentRecord = JSON.parse(await readFile(file("experiment.json"), "utf8"));
  const load: LoadSummary | null = await readFile(file("load.json"), "utf8").then(JSON.parse, () => null);
  const paired = pairOperations(await read<HistoryLine>("history.jsonl"));
  problems.push(...paired.problems);
  if (!paired.clock) problems.push("The history holds no clock line, so its times cannot be set against the ledger's.");
  // A load that was ended in good order has no more to say.
  const beats: Beat[] = [{ type: "beat", time: load ? Number.POSITIVE_INFINITY : (paired.lastBeat ?? Number.NEGATIVE_INFINITY) }];
  const stream = async <T extends { readonly time: number }>(name: string): Promise<T[]> => {
    const lines = await read<T | Beat>(name);
    beats.push(lines.findLast(isBeat) ?? { type: "beat", time: Number.NEGATIVE_INFINITY });
    return lines.filter((line): line is T => !isBeat(line));
  };
  // Recorded on the harness clock; numbered on after the load's own operations.
  const streamed = pairOperations(existsSync(file("streams.jsonl")) ? await stream<HistoryLine>("streams.jsonl") : []);
  problems.push(...streamed.problems);
  const ofLoad = paired.operations.length;
  const operations = [...paired.operations, ...streamed.operations.map((operation) => ({ ...operation, index: operation.index + ofLoad }))];
  const samples = await stream<Sample>("samples.jsonl");
  const faults = await stream<FaultEvent>("faults.jsonl");
  const evidence: Evidence = {
    operations: operations.map((operation) => withoutInterruption(operation, record.loadEndsAt ?? Number.POSITIVE_INFINITY)),
    ledger: await stream<LedgerEntry>("ledger.jsonl"),
    transitions: await stream<Transition>("transitions.jsonl"),
    writes: await stream<ResourceWrite>("writes.jsonl"),
    faults,
    samples,
    notices: existsSync(file("notices.jsonl")) ? await stream<Notice>("notices.jsonl") : [],
    constants: target.constants,
    endsAt: record.endsAt ?? Number.POSITIVE_INFINITY,
    cutOff: false,
    deltaMs: Math.max(record.deltaMs ?? largest(beats.map(({ deltaMs }) => deltaMs ?? 0)), paired.clock?.deltaMs ?? 0),
    lagMs: worstLagMs(samples, faults, paired.operations[0]?.invokedAt ?? 0, Number.POSITIVE_INFINITY) ?? 0,
    scheduledPerSecond: record.startsPerSecond,
    inContainers: record.driver === "compose",
  };
  const lastBeat = beats.reduce((earliest, { time }) => Math.min(earliest, time), Number.POSITIVE_INFINITY);
  const judged = record.endsAt === undefined ? cutOff(evidence, lastBeat) : evidence;
  return { record, load, problems, evidence: judged, ofLoad: { ...judged, operations: judged.operations.filter(({ index }) => index < ofLoad) } };
}

function isBeat(line: { readonly time: number }): line is Beat {
  return (line as Beat).type === "beat";
}
