/** What every format is read into before invocations and completions are paired. Pure. */
import type { InvokeLine, Json, Operation, Outcome, Served } from "../core/history.ts";

export interface HistoryEvent {
  readonly line: number;
  /** NaN where the line has no number of its own. */
  readonly index: number;
  readonly type: InvokeLine["type"] | Outcome;
  readonly process: string;
  readonly f: string;
  /** null where the history has no keys of its own. */
  readonly key: Json;
  readonly value: Json;
  /** ms; NaN where the line has no time. */
  readonly timeMs: number;
  /** ms; NaN where the schedule named none. */
  readonly intendedMs: number;
  readonly served: Served;
  readonly error: string;
  readonly by: string;
}

/** An operation while it is put together. Until the end its times are those of the file, NaN where a line has none. */
export type Draft = { -readonly [K in keyof Operation]: Operation[K] };

/** How the lines of a format are to be understood. */
export interface Reading {
  /** The format's name, for people. */
  readonly name: string;
  /**
   * `times`: the recorder's clock orders events, equal times are concurrent, and a line without a time is malformed. `lines`: one recorder wrote the lines in
   * the order in which it saw the events, as Jepsen's does; the times only measure.
   */
  readonly order: "times" | "lines";
  /** Jepsen's histories may hold completions only, and processes with several operations open; elsewhere that is malformed. */
  readonly tolerant: boolean;
}

/** A map of the file: any of these may be missing, and others may stand beside them. */
export interface RawEvent {
  readonly index?: Json;
  readonly type?: Json;
  readonly process?: Json;
  readonly f?: Json;
  readonly key?: Json;
  readonly value?: Json;
  readonly time?: Json;
  readonly intended?: Json;
  readonly served?: Json;
  readonly error?: Json;
  readonly by?: Json;
}

/** A format whose lines or forms are maps of type, process, f, value and time. */
export interface MapFormat {
  readonly reading: Reading;
  /** @returns the event; null for a line that says nothing of a client's operation; a sentence where it is malformed */
  event(raw: RawEvent, line: number): HistoryEvent | null | string;
}

const types: ReadonlySet<string> = new Set(["invoke", "ok", "fail", "info"]);

/** What a nemesis did is no client's operation. */
export const isNemesis = (process: Json | undefined): boolean => typeof process === "string" && /^:?nemesis\b/.test(process);

/** @param msPerUnit of the format's times */
export function eventOf(raw: RawEvent, line: number, msPerUnit: number): HistoryEvent | string {
  const { time, intended } = raw;
  const type = nameOf(raw.type);
  if (!types.has(type)) return `The type ${JSON.stringify(raw.type ?? null)} is none of invoke, ok, fail and info.`;
  if (time !== undefined && (typeof time !== "number" || !Number.isFinite(time))) return `The time ${JSON.stringify(time)} is not a number.`;
  return {
    line,
    index: typeof raw.index === "number" ? raw.index : Number.NaN,
    type: type as HistoryEvent["type"],
    process: textOf(raw.process),
    f: nameOf(raw.f),
    key: raw.key ?? null,
    value: raw.value ?? null,
    timeMs: time === undefined ? Number.NaN : time * msPerUnit,
    intendedMs: typeof intended === "number" ? intended * msPerUnit : Number.NaN,
    served: type === "ok" ? "yes" : raw.served === "shed" ? "shed" : "error",
    error: textOf(raw.error),
    by: textOf(raw.by),
  };
}

/** Clojure writes nil for a time that it does not know. */
export function withoutNilTime(raw: RawEvent): RawEvent {
  if (raw.time !== null) return raw;
  const { time, ...rest } = raw;
  return rest;
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A keyword of Jepsen's may have kept its colon on the way to JSON. */
function nameOf(value: Json | undefined): string {
  const text = textOf(value);
  return text.startsWith(":") ? text.slice(1) : text;
}
