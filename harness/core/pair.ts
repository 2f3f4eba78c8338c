/** Pairing the lines of a history into operations on the harness clock. Pure, ES2022. */
import type { CompleteLine, HistoryLine, InvokeLine, Operation } from "./history.ts";

export interface PairedHistory {
  readonly operations: readonly Operation[];
  /** Why this is no valid history, a sentence each; a history with problems decides nothing. */
  readonly problems: readonly string[];
  /** harness time = recorder's time + offsetMs, give or take deltaMs; null: the recorder never paired its clock. */
  readonly clock: { readonly offsetMs: number; readonly deltaMs: number } | null;
  /** The last sign of life of the recorder (harness clock, ms); null: none was recorded. */
  readonly lastBeat: number | null;
}

/** More than this many sentences help nobody. */
const problemsKept = 100;

/**
 * Pairs each invocation with the next completion of its process. Unfinished and `info` operations may take effect at any later time, so they
 * complete at Infinity. Never throws: what is wrong is in `problems` (SEMANTICS, "History and time": such a history is void).
 */
export function pairOperations(lines: readonly HistoryLine[]): PairedHistory {
  const problems: string[] = [];
  let problemCount = 0;
  const problem = (text: string): void => {
    problemCount++;
    if (problemCount <= problemsKept) problems.push(text);
  };
  const clock = bestClock(lines);
  const offsetMs = clock?.offsetMs ?? 0;
  const operations: Operation[] = [];
  const open = new Map<string, number>();
  const invoked: InvokeLine[] = [];
  const lastTime = new Map<string, number>();
  const retired = new Set<string>();
  let lastBeat: number | null = null;

  for (const [i, line] of lines.entries()) {
    if (!Number.isFinite(line.time)) {
      problem(`Line ${i + 1} (${line.type}) has no time that is a number.`);
      continue;
    }
    if (line.type === "clock") continue;
    if (line.type === "beat") {
      lastBeat = Math.max(lastBeat ?? Number.NEGATIVE_INFINITY, line.time + offsetMs);
      continue;
    }
    const who = `process ${line.process}`;
    const before = lastTime.get(line.process);
    if (before !== undefined && line.time < before) problem(`The clock stepped back by ${before - line.time} ms within ${who} (line ${i + 1}).`);
    lastTime.set(line.process, line.time);
    const pending = open.get(line.process);
    if (line.type === "invoke") {
      if (pending !== undefined) problem(`The ${who} invoked "${line.f}" while its "${invoked[pending]?.f}" was open (line ${i + 1}).`);
      if (retired.has(line.process)) problem(`The ${who} was used again after an operation of unknown outcome (line ${i + 1}).`);
      open.set(line.process, operations.length);
      invoked.push(line);
      operations.push(unfinished(line, operations.length, offsetMs));
      continue;
    }
    const invocation = pending === undefined ? undefined : invoked[pending];
    if (pending === undefined || invocation === undefined) {
      problem(`The ${who} completed "${line.f}" without an open invocation (line ${i + 1}).`);
      continue;
    }
    if (invocation.f !== line.f) problem(`The ${who} invoked "${invocation.f}" and completed "${line.f}" (line ${i + 1}).`);
    open.delete(line.process);
    if (line.type === "info") retired.add(line.process);
    operations[pending] = finished(operations[pending] as Operation, line, offsetMs);
  }
  if (problemCount > problemsKept) problems.push(`There are ${problemCount - problemsKept} more problems of this kind.`);
  return { operations, problems, clock, lastBeat };
}

/** The pairing with the smallest uncertainty. */
function bestClock(lines: readonly HistoryLine[]): { offsetMs: number; deltaMs: number } | null {
  let best: { offsetMs: number; deltaMs: number } | null = null;
  for (const line of lines) {
    if (line.type !== "clock" || !Number.isFinite(line.time + line.harness + line.delta)) continue;
    if (best === null || line.delta < best.deltaMs) best = { offsetMs: line.harness - line.time, deltaMs: line.delta };
  }
  return best;
}

function unfinished(line: InvokeLine, index: number, offsetMs: number): Operation {
  const invokedAt = line.time + offsetMs;
  const intended = line.intended;
  return {
    index,
    process: line.process,
    f: line.f,
    key: line.key ?? "",
    input: line.value ?? null,
    output: null,
    intendedAt: intended !== undefined && Number.isFinite(intended) ? intended + offsetMs : invokedAt,
    invokedAt,
    completedAt: Number.POSITIVE_INFINITY,
    answeredAt: Number.POSITIVE_INFINITY,
    outcome: "info",
    served: "error",
    error: "",
    by: "",
  };
}

function finished(operation: Operation, line: CompleteLine, offsetMs: number): Operation {
  const answeredAt = line.time + offsetMs;
  return {
    ...operation,
    output: line.value ?? null,
    completedAt: line.type === "info" ? Number.POSITIVE_INFINITY : answeredAt,
    answeredAt,
    outcome: line.type,
    served: line.served,
    error: line.error ?? "",
    by: line.by ?? "",
  };
}
