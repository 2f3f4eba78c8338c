/**
 * What clients of event streams recorded. Operations: `stream` (key: the run; input `{lastEventId}`, 0 or absent from the beginning; output `{events: [{id,
 * kind, attempt, of, at}], silenceMaxMs}`, whatever the outcome: what came before a stream broke did come; `at` in ms of the harness clock, `silenceMaxMs` the longest
 * time without a byte) and `events` (key: the run; output `{events: [{id, kind, attempt, of}], complete}`: what the store holds, read by the harness; `complete` once
 * the run has ended). Ids are integers that increase over all attempts of a run (SEMANTICS, LG-3).
 */
import type { Json, Operation } from "../core/history.ts";
import { loadEndsAt } from "./load-rate.ts";
import { field, textField } from "./trail.ts";

export interface StreamEvent {
  readonly id: number;
  readonly kind: string;
  readonly attempt: number;
  /** What it tells of, in words of the target's; null where nobody noted it. */
  readonly of: string | null;
  /** NaN where nobody noted it. */
  readonly at: number;
}

export interface Stream {
  readonly operation: Operation;
  readonly run: string;
  readonly lastEventId: number;
  readonly events: readonly StreamEvent[];
  /** NaN where nobody noted it. */
  readonly silenceMaxMs: number;
}

/** A run's events by id as the store and all clients together know them. */
export interface Truth {
  readonly events: ReadonlyMap<number, StreamEvent>;
  /** The ids, increasing. */
  readonly ids: readonly number[];
  /** What the store held when the run had ended; undefined: nobody looked then. */
  readonly stored: ReadonlySet<number> | undefined;
  /** What it held when it was looked at last, whether or not it held an end, and when that was (ms). */
  readonly looked: { readonly ids: ReadonlySet<number>; readonly at: number } | undefined;
}

export interface StreamRecords {
  readonly streams: readonly Stream[];
  /** By run. */
  readonly truths: ReadonlyMap<string, Truth>;
}

const known = new WeakMap<readonly Operation[], StreamRecords>();

/** The answer is kept for as long as the operations are. */
export function streamRecords(operations: readonly Operation[]): StreamRecords {
  const kept = known.get(operations);
  if (kept) return kept;
  const streams: Stream[] = [];
  const events = new Map<string, Map<number, StreamEvent>>();
  const stored = new Map<string, ReadonlySet<number>>();
  const looked = new Map<string, Truth["looked"]>();
  // What the store holds first: a client that was sent anything else was sent something wrong.
  const told = [...operations.filter(({ f }) => f === "events"), ...operations.filter(({ f }) => f === "stream")];
  for (const operation of told) {
    const all = eventsOf(operation.output);
    if (operation.f === "stream") {
      const silence = field(operation.output, "silenceMaxMs");
      const silenceMaxMs = typeof silence === "number" ? silence : Number.NaN;
      streams.push({ operation, run: operation.key, lastEventId: Number(field(operation.input, "lastEventId") ?? 0), events: all, silenceMaxMs });
    }
    if (operation.f === "events" && operation.outcome === "ok") {
      const ids = new Set(all.map(({ id }) => id));
      looked.set(operation.key, { ids, at: operation.invokedAt });
      if (field(operation.output, "complete") === true) stored.set(operation.key, ids);
    }
    const ofRun = events.get(operation.key) ?? new Map<number, StreamEvent>();
    events.set(operation.key, ofRun);
    for (const event of all) if (!ofRun.has(event.id)) ofRun.set(event.id, event);
  }
  const truths = new Map(
    [...events].map(([run, ofRun]) => [
      run,
      { events: ofRun, ids: [...ofRun.keys()].sort((a, b) => a - b), stored: stored.get(run), looked: looked.get(run) },
    ]),
  );
  const records = { streams, truths };
  known.set(operations, records);
  return records;
}

function eventsOf(output: Json): StreamEvent[] {
  const list = field(output, "events");
  if (!Array.isArray(list)) return [];
  return (list as readonly Json[]).map((event) => ({
    id: Number(field(event, "id")),
    kind: String(field(event, "kind")),
    attempt: Number(field(event, "attempt")),
    of: field(event, "of") === null ? null : textField(event, "of"),
    at: Number(field(event, "at") ?? Number.NaN),
  }));
}

/**
 * How long a connection was waited on at least (ms): the client waited for as long as it was open, until the load's end at the latest; of one that nobody completed only the
 * beginning is known.
 */
export function waitedUntil(operations: readonly Operation[]): (stream: Stream) => number {
  // What the store holds is read after the clients have been sent home.
  const endOfLoad = loadEndsAt(operations.filter(({ f }) => f !== "events"));
  return ({ operation: { invokedAt, answeredAt, output } }) => {
    if (Number.isFinite(answeredAt)) return answeredAt;
    return output === null ? invokedAt : Math.max(invokedAt, endOfLoad);
  };
}

/** The event after which nothing may come. */
export function isEnd(event: Pick<StreamEvent, "kind">): boolean {
  return event.kind === "end";
}
