/** The text log of an early Jepsen (jepsen.util), an event a line: `INFO  jepsen.util - 3  :invoke  :cas  [1 4]`. Without times: the order of the lines is the time. Pure. */
import type { Json } from "../core/history.ts";
import { type Cursor, Malformed } from "./cursor.ts";
import { readEdn } from "./edn.ts";
import { eventOf, type HistoryEvent, isNemesis, type Reading } from "./event.ts";

export const jepsenLog: Reading = { name: "Jepsen's text log", order: "lines", tolerant: false };

const eventLine = /\s-?\s*(\S+)\s+:(\S+)\s+:(\S+)(?:\s+(.*))?$/;

/** Whether the text has a line of such a log. */
export const looksLikeLog = (head: string): boolean => /(^|\n)[^\n{["]*\s-\s+(jepsen\.\S+\s+)?\S+\s+:(invoke|ok|fail|info)\s+:/.test(head);

/**
 * @returns the event; null for a line that is no event of a client (a log has others between)
 * @throws Malformed
 */
export function logEvent(text: string, line: number): HistoryEvent | null {
  const [, process, type, f, value] = eventLine.exec(text) ?? [];
  if (process === undefined || type === undefined || f === undefined || isNemesis(process)) return null;
  const event = eventOf({ type, process, f, value: firstForm(value ?? "nil", line) }, line, 1);
  if (typeof event === "string") throw new Malformed(line, event);
  return event;
}

/** The value; what stands behind it is an error's text. */
function firstForm(text: string, line: number): Json {
  const bytes = Buffer.from(`${text}\n`);
  const cursor: Cursor = { bytes, at: 0, end: bytes.length, line };
  try {
    return readEdn(cursor);
  } catch {
    throw new Malformed(line, `The value ${JSON.stringify(text.slice(0, 80))} is not EDN.`);
  }
}
