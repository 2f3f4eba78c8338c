/**
 * Jepsen's text logs, an event a line: `INFO  jepsen.util - 3  :invoke  :cas  [1 4]` of the early ones, with a time and a thread before it of later ones, and
 * without anything before it in its `history.txt`. The order of the lines is the time. Pure.
 */
import type { Json } from "../core/history.ts";
import { type Cursor, Malformed } from "./cursor.ts";
import { readEdn } from "./edn.ts";
import { eventOf, type HistoryEvent, isNemesis, type Reading } from "./event.ts";

export const jepsenLog: Reading = { name: "Jepsen's text log", order: "lines", tolerant: false };

const eventLine = /(?:^|\s)(\d+|:?nemesis)\s+:(\S+)\s+:(\S+)(?:\s+(.*))?$/;

/** Whether the text has a line of such a log. */
export const looksLikeLog = (head: string): boolean => /^(?![\s,]*[[({#"])(.*\s)?(\d+|:?nemesis)\s+:(invoke|ok|fail|info)\s+:/m.test(head);

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

/**
 * Whether a last line that nothing ends is whole beyond doubt: it has a value that cannot go on, or one that says nothing.
 */
export const isWhole = (text: string): boolean =>
  /\s:(invoke|ok|fail|info)\s+:\S+\s+(nil|.*[\])}"]|:timed-out)$/.test(text) || /\s:ok\s+:(write|cas)\s+\S/.test(text);

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
