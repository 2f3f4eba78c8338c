/** history.jsonl -> columns of its operations, in one pass. Lines as our recorders write them are taken apart without parsing what nobody draws. */
import { basename } from "node:path";
import type { Outcome, Served } from "../core/history.ts";
import { type Columns, columns } from "./operations.ts";
import { type Bytes, bytesOf, parse, type Row, readLines } from "./read-lines.ts";

/** One side of an operation. Times are ms of the recorder's clock. */
interface Event {
  readonly type: "invoke" | Outcome;
  readonly time: number;
  readonly process: string;
  readonly served: Served;
  readonly intended: number | null;
}

export interface History {
  readonly operations: Columns;
  /** Harness time = recorder's time + offsetMs. */
  readonly offsetMs: number;
  /** The last believable moment (recorder's clock, ms). */
  readonly lastAt: number;
  /** How many operations the schedule wanted at a certain moment. */
  readonly scheduled: number;
  readonly invocations: number;
  /** Invocations that never got a completion. */
  readonly open: number;
  /** Completions without an invocation. */
  readonly strays: number;
  readonly notes: readonly string[];
}

/** Both sides of an operation that is evidence, as recorded. */
export interface CitedOperation {
  readonly index: number;
  readonly invoke: Row;
  readonly completion: Row | null;
}

/** What to keep of single operations: those with these numbers, and those that name one of these subjects. */
export interface Wanted {
  readonly indices: ReadonlySet<number>;
  readonly subjects: readonly string[];
  take(operation: CitedOperation): void;
}

const openAtMost = 200_000;
/** V8 keeps the whole chunk alive for a longer piece of it. */
const pieceAtMost = 12;

// Anchored at the line's begin, so that nothing inside a value can be taken for it.
const usual = /^\{"type":"(invoke|ok|fail|info)","time":(-?[\d.e+-]+),"process":"([^"\\]*)","f":"[^"\\]*"(?:,"served":"(yes|shed|error)")?[,}]/;
const intendedAtEnd = /,"intended":(-?[\d.e+-]+)\}$/;

/** @param latestMs times beyond it (harness clock) are garbage */
export async function readHistory(path: string, latestMs: number, wanted: Wanted): Promise<History> {
  const operations = columns();
  const open = new Map<string, { readonly time: number; readonly intended: number | null; readonly index: number; readonly line: Bytes | null }>();
  const clock = { offsetMs: 0, deltaMs: Number.POSITIVE_INFINITY };
  const needles = wanted.subjects.map(bytesOf);
  const names = (line: Bytes): boolean => needles.some((needle) => line.includes(needle));
  const keep = needles.length > 0 || wanted.indices.size > 0;
  let [lastAt, scheduled, strays, invocations] = [0, 0, 0, 0];

  const take = (event: Event, line: Bytes): void => {
    const { type, time, process, served, intended } = event;
    if (time + clock.offsetMs <= latestMs) lastAt = Math.max(lastAt, time);
    if (type === "invoke") {
      const index = invocations++;
      if (intended !== null) scheduled += 1;
      if (open.size < openAtMost) open.set(process, { time, intended, index, line: keep ? flat(line) : null });
      return;
    }
    const invoked = open.get(process);
    if (invoked === undefined) {
      strays += 1;
      return;
    }
    open.delete(process);
    operations.add({
      intendedAt: invoked.intended ?? invoked.time,
      invokedAt: invoked.time,
      answeredAt: time,
      served,
      timed: invoked.intended !== null,
      unknown: type === "info",
    });
    if (invoked.line !== null && (wanted.indices.has(invoked.index) || names(line) || names(invoked.line)))
      wanted.take({ index: invoked.index, invoke: parse(invoked.line) ?? {}, completion: parse(line) });
  };

  const notes = await readLines(path, basename(path), (line) => {
    const event = fast(line);
    if (event) {
      take(event, line);
      return true;
    }
    const row = parse(line);
    if (row === null) return false;
    if (row.type === "clock") pair(clock, row);
    const slow = eventOf(row);
    if (slow) take(slow, line);
    return true;
  });
  for (const { index, line } of keep ? open.values() : [])
    if (line !== null && (wanted.indices.has(index) || names(line))) wanted.take({ index, invoke: parse(line) ?? {}, completion: null });
  return { operations, offsetMs: clock.offsetMs, lastAt, scheduled, invocations, open: open.size, strays, notes };
}

/** null: the line is not written as our recorders write it, and has to be parsed. */
function fast(line: Bytes): Event | null {
  const found = usual.exec(line);
  if (found === null || !line.endsWith("}")) return null;
  const [, type, time, process = "", served] = found;
  if (type !== "invoke")
    return served === undefined
      ? null
      : { type: type as Outcome, time: Number(time), process: flat(process), served: served as Served, intended: null };
  const intended = intendedAtEnd.exec(line);
  if (intended === null && line.includes('"intended"')) return null;
  return { type, time: Number(time), process: flat(process), served: "error", intended: intended === null ? null : Number(intended[1]) };
}

function flat(piece: Bytes): Bytes {
  return piece.length <= pieceAtMost ? piece : Buffer.from(piece, "latin1").toString("latin1");
}

function eventOf(row: Row): Event | null {
  const { type, time, process, intended } = row;
  if (type !== "invoke" && type !== "ok" && type !== "fail" && type !== "info") return null;
  if (!known(time) || typeof process !== "string") return null;
  const served = row.served === "yes" || row.served === "shed" ? row.served : "error";
  return { type, time, process: bytesOf(process), served, intended: known(intended) ? intended : null };
}

/** The pairing with the smallest uncertainty stands. */
function pair(clock: { offsetMs: number; deltaMs: number }, { time, harness, delta }: Row): void {
  if (!known(time) || !known(harness)) return;
  const deltaMs = known(delta) ? delta : Number.POSITIVE_INFINITY;
  if (deltaMs >= clock.deltaMs) return;
  clock.offsetMs = harness - time;
  clock.deltaMs = deltaMs;
}

function known(value: unknown): value is number {
  return Number.isFinite(value);
}
