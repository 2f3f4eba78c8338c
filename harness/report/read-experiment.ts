/** The record files of one experiment -> what the report draws of them. Each is read line by line; of the history, columns of numbers stay in memory. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Json } from "../core/history.ts";
import type { FaultEvent, FaultPhase } from "../core/records.ts";
import { caseOf } from "./evidence/case.ts";
import type { Cite } from "./evidence/cites.ts";
import { gathered, gatherers, gatherRecords, isAbout } from "./evidence/gather.ts";
import { logExcerpts } from "./evidence/logs.ts";
import { bandEnd, faultBands } from "./fault-bands.ts";
import { startLanes } from "./lanes.ts";
import type { EvidenceCase, Recorded } from "./model.ts";
import { type CitedOperation, type History, readHistory } from "./read-history.ts";
import { type Row, readJsonLines } from "./read-lines.ts";
import { recoveriesOf } from "./recoveries.ts";
import { type Hide, secretsOf } from "./secrets.ts";
import { grouped } from "./text.ts";
import { startTimeline, type TimelineWriter } from "./timeline.ts";

const faultEventsAtMost = 20_000;
const dayMs = 86_400_000;

/**
 * @param durationMs the experiment's length by its verdict; records far beyond it are garbage and left out. 0: unknown
 * @param options.cites the counterexamples whose records to gather
 * @param options.hide what none of it may show
 */
export async function readExperiment(
  directory: string,
  durationMs: number,
  bucketsAtMost: number,
  { cites = [], hide = secretsOf({}) }: { readonly cites?: readonly Cite[]; readonly hide?: Hide } = {},
): Promise<Recorded> {
  const faults: FaultEvent[] = [];
  const notes = await readJsonLines(join(directory, "faults.jsonl"), "faults.jsonl", (row) => {
    if (faults.length < faultEventsAtMost && number(row.time) !== null && row.type !== "beat") faults.push(faultEvent(row));
  });
  const latestMs = durationMs > 0 ? durationMs + 60_000 : dayMs;
  const believable = (time: number): boolean => time >= -1000 && time <= latestMs;
  const struck = faults.filter((event) => believable(event.time));
  const bands = faultBands(struck);

  const shelves = gatherers(cites);
  const subjects = [...new Set(cites.flatMap((cite) => cite.subjects))];
  const numbered = cites.flatMap(({ operations }) => operations);
  const take = (operation: CitedOperation): void => {
    for (const { cite, operations } of shelves) {
      const cited = cite.operations.includes(operation.index);
      if (cited || isAbout(cite, operation)) operations.put(hide.all(operation), number(operation.invoke.time) ?? 0, cited);
    }
  };
  const history = await readHistory(join(directory, "history.jsonl"), latestMs, { indices: new Set(numbered), subjects, take });
  const streams = join(directory, "streams.jsonl");
  // Other clients' operations are numbered on after the load's, and recorded on the harness clock.
  if (cites.length > 0 && existsSync(streams))
    await readHistory(streams, latestMs, {
      indices: new Set(numbered.map((index) => index - history.invocations)),
      subjects,
      take: ({ index, invoke, completion }) =>
        take({
          index: index + history.invocations,
          invoke: earlier(invoke, history.offsetMs),
          completion: completion && earlier(completion, history.offsetMs),
        }),
    });
  notes.push(...history.notes);

  const samples = join(directory, "samples.jsonl");
  let samplesEnd = 0;
  const sampleNotes = await readJsonLines(samples, "samples.jsonl", (row) => {
    const time = number(row.time);
    if (time !== null && believable(time)) samplesEnd = Math.max(samplesEnd, time);
  });
  notes.push(...sampleNotes);

  const endsAt = Math.max(1, history.lastAt + history.offsetMs, samplesEnd, ...bands.slice(0, 1000).map((band) => bandEnd(band, 0)));
  const timeline = startTimeline(Math.min(endsAt, latestMs), history.scheduled || history.operations.count, bands, bucketsAtMost);
  const { loadEndsAt, startsPerSecond } = await planned(directory);
  const { unanswered, outside } = draw(history, timeline, loadEndsAt, believable);
  if (outside > 0) notes.push(`${grouped(outside)} completions of history.jsonl have no invocation or an impossible time and are not drawn.`);

  const lanes = startLanes();
  let harnessLagMaxMs: number | null = null;
  await readJsonLines(samples, "samples.jsonl", (row) => {
    const time = number(row.time);
    if (time === null || !believable(time) || typeof row.source !== "string" || typeof row.values !== "object" || row.values === null) return;
    const values = row.values as Record<string, number>;
    const [oldestMs, lagMs, inUse] = [number(values.oldestMs), number(values.lagMs), number(values.poolCheckedOut)];
    if (row.source === "backlog" && oldestMs !== null) timeline.backlog(time, oldestMs);
    if (row.source === "harness" && lagMs !== null) harnessLagMaxMs = Math.max(harnessLagMaxMs ?? 0, lagMs);
    if (inUse !== null) timeline.pool(time, row.source, inUse, number(values.poolWaiting) ?? 0);
    lanes.sample({ time, source: row.source, values });
  });

  await gatherRecords(directory, shelves, hide);
  const logs = await logExcerpts(directory, cites, hide);
  const evidence = shelves.flatMap((one, i): EvidenceCase[] => {
    const found = caseOf(one.cite, gathered(one), bands, history.offsetMs, endsAt);
    return found ? [{ ...found, logs: logs[i] ?? [] }] : [];
  });
  const recovered = await recoveriesOf({ directory, faults: struck, history, loadEndsAt, startsPerSecond, endsAt });
  notes.push(...recovered.notes);
  return { ...timeline.finish(), bands, lanes: lanes.finish(), harnessLagMaxMs, unanswered, evidence, recoveries: recovered.recoveries, notes };
}

/** On the clock of the load's recorder. */
function earlier(row: Row, offsetMs: number): Row {
  return { ...row, time: (number(row.time) ?? 0) - offsetMs };
}

/** Every completed operation on the timeline, in the order of the file. */
function draw(
  { operations, offsetMs, scheduled, open, strays }: History,
  timeline: TimelineWriter,
  loadEndsAt: number,
  believable: (time: number) => boolean,
): { readonly unanswered: number; readonly outside: number } {
  let [unanswered, outside] = [open, strays];
  for (let i = 0; i < operations.count; i++) {
    const one = operations.at(i);
    const answeredAt = one.answeredAt + offsetMs;
    // What the end of the load cut off never got its answer (`wasInterrupted`).
    if (one.unknown && answeredAt >= loadEndsAt) unanswered += 1;
    else if (!believable(answeredAt)) outside += 1;
    else timeline.operation({ intendedAt: one.intendedAt + offsetMs, answeredAt, served: one.served, timed: one.timed || scheduled === 0 });
  }
  return { unanswered, outside };
}

/** When the load was told to end (ms; Infinity where the record does not say), and its rate (0: unknown). */
async function planned(directory: string): Promise<{ readonly loadEndsAt: number; readonly startsPerSecond: number }> {
  const record = await readFile(join(directory, "experiment.json"), "utf8")
    .then(
      (text) => JSON.parse(text) as Row | null,
      () => null,
    )
    .catch(() => null);
  return { loadEndsAt: number(record?.loadEndsAt) ?? Number.POSITIVE_INFINITY, startsPerSecond: number(record?.startsPerSecond) ?? 0 };
}

function faultEvent(row: Row): FaultEvent {
  const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
  return {
    time: number(row.time) ?? 0,
    id: text(row.id),
    fault: text(row.fault),
    on: text(row.on),
    phase: text(row.phase) as FaultPhase,
    evidence: text(row.evidence),
    working: Array.isArray(row.working) ? row.working.filter((one) => typeof one === "string") : [],
  };
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
