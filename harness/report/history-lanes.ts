/** A part of a history as lanes: processes across, time down, one row an event. Pure; for the terminal as text, for the page as a table. */
import type { Json, Operation } from "../core/history.ts";
import { grouped, oneLine, shorten } from "./text.ts";

interface LaneCell {
  readonly operation: Operation;
  /** In which row it is invoked and in which it ends; where it never ended, the last one. */
  readonly from: number;
  readonly to: number;
  readonly ends: boolean;
}

export interface LaneTable {
  readonly processes: readonly string[];
  /** ms of the history's clock, one a row. */
  readonly timesMs: readonly number[];
  /** Each process's operations, in time. */
  readonly lanes: readonly (readonly LaneCell[])[];
  /** Operations that there was no room for. */
  readonly leftOut: number;
}

const operationsAtMost = 60;
const textAtMost = 40;

/**
 * Lays out the first operations by their invocation. Of events at the same time the invocations come first: they are concurrent, and share a row where they
 * are of different processes.
 */
export function laneTable(operations: readonly Operation[]): LaneTable {
  const shown = operations.toSorted((a, b) => a.invokedAt - b.invokedAt || a.index - b.index).slice(0, operationsAtMost);
  const events = shown.flatMap((operation) => [
    { operation, time: operation.invokedAt, ends: false },
    ...(Number.isFinite(operation.answeredAt) ? [{ operation, time: operation.answeredAt, ends: true }] : []),
  ]);
  events.sort((a, b) => a.time - b.time || Number(a.ends) - Number(b.ends));
  const rows = new Map(shown.map((operation) => [operation, { from: 0, to: 0, ends: false }]));
  const timesMs: number[] = [];
  const inRow = new Set<string>();
  for (const [i, { operation, time, ends }] of events.entries()) {
    const before = events[i - 1];
    if (before?.time !== time || before.ends !== ends || inRow.has(operation.process)) {
      timesMs.push(time);
      inRow.clear();
    }
    inRow.add(operation.process);
    Object.assign(rows.get(operation) ?? {}, ends ? { to: timesMs.length - 1, ends } : { from: timesMs.length - 1 });
  }
  for (const place of rows.values()) if (!place.ends) place.to = timesMs.length - 1;
  const byProcess = Map.groupBy(shown, (operation) => operation.process);
  return {
    processes: [...byProcess.keys()],
    timesMs,
    lanes: [...byProcess.values()].map((own) => own.map((operation) => ({ operation, ...(rows.get(operation) ?? { from: 0, to: 0, ends: false }) }))),
    leftOut: operations.length - shown.length,
  };
}

/** What was asked: `write 3`, `put x 3`. */
export function asked({ f, key, input }: Operation): string {
  return shorten([f, key, input === null ? "" : valueText(input)].filter((word) => word !== "").join(" "), textAtMost);
}

/** What came of it: `ok 3`, `fail`, `info timed out`. */
export function answered({ outcome, input, output, error, answeredAt }: Operation): string {
  if (!Number.isFinite(answeredAt)) return "never completed";
  const said = output !== null && valueText(output) !== valueText(input) ? valueText(output) : error;
  return shorten(said === "" ? outcome : `${outcome} ${said}`, textAtMost);
}

const valueText = (value: Json): string => (typeof value === "string" ? value || '""' : JSON.stringify(value));

/** The lanes as text; `accused` are the indices of the operations that the verdict names, marked with a star. */
export function lanesText({ processes, timesMs, lanes, leftOut }: LaneTable, accused: ReadonlySet<number>): string {
  const columns = lanes.map((lane, column) => {
    const cells = timesMs.map((_, row) => laneText(lane, row, accused));
    const title = oneLine(`process ${processes[column]}`);
    const width = Math.max(title.length, ...cells.map((cell) => cell.length));
    return [title, ...cells].map((cell) => cell.padEnd(width));
  });
  const times = ["time (ms)", ...timesMs.map((time) => String(Math.round(time * 1000) / 1000))];
  const timeWidth = Math.max(...times.map((time) => time.length));
  const rows = times.map((time, row) => [time.padStart(timeWidth), ...columns.map((column) => column[row] ?? "")].join("  ").trimEnd());
  return [...rows, ...(leftOut > 0 ? [`... and ${grouped(leftOut)} more operations`] : [])].join("\n");
}

function laneText(lane: readonly LaneCell[], row: number, accused: ReadonlySet<number>): string {
  const marked = (operation: Operation, text: string): string => (accused.has(operation.index) ? `${text} *` : text);
  const invoked = lane.find((cell) => cell.from === row);
  if (invoked) return marked(invoked.operation, `┌ ${asked(invoked.operation)}${invoked.ends ? "" : ` (${answered(invoked.operation)})`}`);
  const ended = lane.find((cell) => cell.ends && cell.to === row);
  if (ended) return marked(ended.operation, `└ ${answered(ended.operation)}`);
  return lane.some((cell) => cell.ends && cell.from < row && row < cell.to) ? "│" : "";
}
