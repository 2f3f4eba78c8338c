/** From bytes to operations: forms or lines, one after another, each an event, each event paired at once. Pure. */
import type { Json, Operation } from "../core/history.ts";
import { type Cursor, excerpt, incomplete, Malformed } from "./cursor.ts";
import { detectSyntax, type Syntax } from "./detect.ts";
import { readEdn, skipEdnSpace } from "./edn.ts";
import type { MapFormat, RawEvent, Reading } from "./event.ts";
import { jepsenEdn } from "./jepsen-edn.ts";
import { jepsenJson } from "./jepsen-json.ts";
import { isWhole, jepsenLog, logEvent } from "./jepsen-log.ts";
import { readJson } from "./json.ts";
import { createPairing, type Pairing } from "./pairing.ts";
import { isRunproof, runproofJson } from "./runproof-json.ts";

export interface RecordedHistory {
  /** The format's name, for people. */
  readonly format: string;
  readonly operations: readonly Operation[];
  /** What was unusual and what was made of it, in sentences. */
  readonly notes: readonly string[];
}

export interface EventReader {
  /** Reads every event that is complete, and leaves the cursor where the first incomplete one begins. @throws Malformed */
  drain(cursor: Cursor): void;
  /** No more bytes will come. @throws Malformed */
  finish(cursor: Cursor): RecordedHistory;
}

/** A history that is in memory as a whole. @throws Malformed */
export function parseHistory(bytes: Buffer): RecordedHistory {
  const cursor: Cursor = { bytes, at: 0, end: bytes.length, line: 1 };
  const reader = createEventReader(detectSyntax(cursor), createPairing);
  reader.drain(cursor);
  return reader.finish(cursor);
}

/** How events become operations. */
type PairingOf = (reading: Reading) => Pairing;

export const createEventReader = (syntax: Syntax, pairingOf: PairingOf): EventReader =>
  syntax === "log" ? logReader(pairingOf) : mapReader(syntax, pairingOf);

function logReader(pairingOf: PairingOf): EventReader {
  const pairing = pairingOf(jepsenLog);
  return {
    drain(cursor) {
      for (;;) {
        const lineEnd = cursor.bytes.indexOf(0x0a, cursor.at);
        if (lineEnd < 0 || lineEnd >= cursor.end) return;
        const event = logEvent(cursor.bytes.toString("utf8", cursor.at, lineEnd).trimEnd(), cursor.line);
        if (event) pairing.add(event);
        cursor.at = lineEnd + 1;
        cursor.line++;
      }
    },
    finish(cursor) {
      const last = cursor.bytes.toString("utf8", cursor.at, cursor.end).trimEnd();
      const event = isWhole(last) ? logEvent(last, cursor.line) : null;
      if (event) {
        pairing.add(event);
        cursor.at = cursor.end;
      }
      return finished(jepsenLog.name, pairing, cutOff(cursor));
    },
  };
}

const closings: Readonly<Record<number, number>> = { 91: 0x5d, 40: 0x29 };

function mapReader(syntax: "json" | "edn", pairingOf: PairingOf): EventReader {
  let format: MapFormat | undefined;
  let pairing: Pairing | undefined;
  /** The byte that closes the vector in which all the maps stand; null where they follow one another, undefined before the first. */
  let closing: number | null | undefined;
  let closed = false;

  const take = (form: Json, line: number): void => {
    if (form === null || typeof form !== "object" || Array.isArray(form))
      throw new Malformed(line, `A map of type, process, f and value was expected, and there is ${JSON.stringify(form).slice(0, 60)}.`);
    const raw = form as RawEvent;
    format ??= syntax === "edn" ? jepsenEdn : isRunproof(raw) ? runproofJson : jepsenJson;
    pairing ??= pairingOf(format.reading);
    const event = format.event(raw, line);
    if (typeof event === "string") throw new Malformed(line, event);
    if (event) pairing.add(event);
  };

  /** @returns false where the bytes end before the next form */
  const next = (cursor: Cursor): boolean => {
    skipEdnSpace(cursor);
    if (cursor.at >= cursor.end) return false;
    const byte = cursor.bytes[cursor.at] as number;
    if (closed) throw new Malformed(cursor.line, `Nothing was expected behind the end of the vector, and there is ${excerpt(cursor)}.`);
    if (closing === undefined) {
      passTag(cursor);
      closing = closings[cursor.bytes[cursor.at] as number] ?? null;
      if (closing !== null) cursor.at++;
      return true;
    }
    if (byte === closing) {
      closed = true;
      cursor.at++;
      return true;
    }
    const { at, line } = cursor;
    try {
      const form = syntax === "json" ? readJson(cursor) : readEdn(cursor);
      take(form, line);
      return true;
    } catch (error) {
      if (error !== incomplete) throw error;
      cursor.at = at;
      cursor.line = line;
      return false;
    }
  };

  return {
    drain(cursor) {
      while (next(cursor));
    },
    finish(cursor) {
      const notes = cutOff(cursor);
      if (closing && !closed && notes.length === 0)
        notes.push(`The file ends before its vector does, in line ${cursor.line}: the end of the history is missing.`);
      return finished(format?.reading.name ?? "an empty history", pairing, notes);
    },
  };
}

/** Of a history that says what it is: `#jepsen.history.DenseHistory [...]`. Tags of its maps are left to them. */
function passTag(cursor: Cursor): void {
  const [tag = ""] = /^#[\w.]+\s*(?=[[(])/.exec(cursor.bytes.toString("latin1", cursor.at, Math.min(cursor.end, cursor.at + 200))) ?? [];
  cursor.at += tag.length;
}

function finished(format: string, pairing: Pairing | undefined, notes: readonly string[]): RecordedHistory {
  const { operations, notes: pairingNotes } = pairing?.finish() ?? { operations: [], notes: [] };
  return { format, operations, notes: [...notes, ...pairingNotes] };
}

/** What is left at the end of the file is a last line that was cut off; where more lines follow, a bracket or a quote is missing in the middle. */
function cutOff(cursor: Cursor): string[] {
  const rest = cursor.bytes.toString("utf8", cursor.at, cursor.end);
  if (rest.trim() === "" || rest.startsWith(";")) return [];
  if (/\n\s*\{/.test(rest)) throw new Malformed(cursor.line, `What begins here never ends: ${excerpt(cursor)}.`);
  return [`The file ends in the middle of line ${cursor.line + rest.trimEnd().split("\n").length - 1}: what was cut off is left out.`];
}
