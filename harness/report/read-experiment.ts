/** The record files of one experiment -> what the report draws of them. The history is read twice, line by line, so that memory does not grow with the run. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Json, type Outcome, type Served, wasInterrupted } from "../core/history.ts";
import type { FaultEvent, FaultPhase } from "../core/records.ts";
import { bandEnd, faultBands } from "./fault-bands.ts";
import { startLanes } from "./lanes.ts";
import type { Recorded } from "./model.ts";
import { readJsonLines } from "./read-lines.ts";
import { grouped } from "./text.ts";
import { startTimeline } from "./timeline.ts";

type Row = { readonly [key: string]: Json };

const faultEventsAtMost = 20_000;
const openAtMost = 200_000;
const dayMs = 86_400_000;

/** @param durationMs the experiment's length by its verdict; records far beyond it are garbage and left out. 0: unknown */
export async function readExperiment(directory: string, durationMs: number, bucketsAtMost: number): Promise<Recorded> {
  const faults: FaultEvent[] = [];
  const notes = await readJsonLines(join(directory, "faults.jsonl"), "faults.jsonl", (row) => {
    if (faults.length < faultEventsAtMost && number(row.time) !== null && row.type !== "beat") faults.push(faultEvent(row));
  });
  const latestMs = durationMs > 0 ? durationMs + 60_000 : dayMs;
  const believable = (time: number): boolean => time >= -1000 && time <= latestMs;
  const bands = faultBands(faults.filter((event) => believable(event.time)));

  const history = join(directory, "history.jsonl");
  const clock = { offsetMs: 0, deltaMs: Number.POSITIVE_INFINITY, lastAt: 0, completions: 0, scheduled: 0 };
  notes.push(...(await readJsonLines(history, "history.jsonl", (row) => survey(clock, row, latestMs))));

  const samples = join(directory, "samples.jsonl");
  let samplesEnd = 0;
  const sampleNotes = await readJsonLines(samples, "samples.jsonl", (row) => {
    const time = number(row.time);
    if (time !== null && believable(time)) samplesEnd = Math.max(samplesEnd, time);
  });
  notes.push(...sampleNotes);

  const endsAt = Math.max(1, clock.lastAt + clock.offsetMs, samplesEnd, ...bands.slice(0, 1000).map((band) => bandEnd(band, 0)));
  const timeline = startTimeline(Math.min(endsAt, latestMs), clock.scheduled || clock.completions, bands, bucketsAtMost);

  const loadEndsAt = await loadEnd(directory);
  const open = new Map<string, { readonly intendedAt: number; readonly timed: boolean }>();
  let outside = 0;
  await readJsonLines(history, "history.jsonl", (row) => {
    const time = number(row.time);
    if (time === null || typeof row.process !== "string") return;
    if (row.type === "invoke") {
      const intended = number(row.intended);
      const timed = intended !== null || clock.scheduled === 0;
      if (open.size < openAtMost) open.set(row.process, { intendedAt: (intended ?? time) + clock.offsetMs, timed });
    } else if (isCompletion(row)) {
      const answeredAt = time + clock.offsetMs;
      // It never got its answer, and stays open.
      if (wasInterrupted(row.type, answeredAt, loadEndsAt)) return;
      const invoked = open.get(row.process);
      open.delete(row.process);
      if (invoked === undefined || !believable(answeredAt)) outside += 1;
      else timeline.operation({ ...invoked, answeredAt, served: servedOf(row) });
    }
  });
  if (outside > 0) notes.push(`${grouped(outside)} completions of history.jsonl have no invocation or an impossible time and are not drawn.`);

  const lanes = startLanes();
  let harnessLagMaxMs: number | null = null;
  await readJsonLines(samples, "samples.jsonl", (row) => {
    const time = number(row.time);
    if (time === null || !believable(time) || typeof row.source !== "string" || typeof row.values !== "object" || row.values === null) return;
    const values = row.values as Record<string, number>;
    const oldestMs = number(values.oldestMs);
    const lagMs = number(values.lagMs);
    if (row.source === "backlog" && oldestMs !== null) timeline.backlog(time, oldestMs);
    if (row.source === "harness" && lagMs !== null) harnessLagMaxMs = Math.max(harnessLagMaxMs ?? 0, lagMs);
    lanes.sample({ time, source: row.source, values });
  });

  return { ...timeline.finish(), bands, lanes: lanes.finish(), harnessLagMaxMs, unanswered: open.size, notes };
}

/** When the load was told to end (ms); Infinity where the record does not say. */
async function loadEnd(directory: string): Promise<number> {
  try {
    const record: unknown = JSON.parse(await readFile(join(directory, "experiment.json"), "utf8"));
    return number((record as Row | null)?.loadEndsAt) ?? Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** First pass: the best clock line (smallest uncertainty), the last moment, the number of completions and of scheduled operations. */
function survey(
  clock: { offsetMs: number; deltaMs: number; lastAt: number; completions: number; scheduled: number },
  row: Row,
  latestMs: number,
): void {
  const time = number(row.time);
  if (time === null) return;
  if (row.type === "clock") {
    const harness = number(row.harness);
    const delta = number(row.delta) ?? Number.POSITIVE_INFINITY;
    if (harness === null || delta >= clock.deltaMs) return;
    clock.offsetMs = harness - time;
    clock.deltaMs = delta;
  } else {
    if (time + clock.offsetMs <= latestMs) clock.lastAt = Math.max(clock.lastAt, time);
    if (isCompletion(row)) clock.completions += 1;
    else if (number(row.intended) !== null) clock.scheduled += 1;
  }
}

function isCompletion(row: Row): row is Row & { readonly type: Outcome } {
  return row.type === "ok" || row.type === "fail" || row.type === "info";
}

function servedOf(row: Row): Served {
  return row.served === "yes" || row.served === "shed" ? row.served : "error";
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
