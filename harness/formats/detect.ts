/** Which syntax a history has, by its first bytes: never by the file's name. Pure. */
import { type Cursor, Malformed } from "./cursor.ts";
import { looksLikeLog } from "./jepsen-log.ts";

export type Syntax = "json" | "edn" | "log";

/** Passes a byte order mark; otherwise leaves the cursor where it is. */
export function detectSyntax(cursor: Cursor): Syntax {
  const { bytes, end } = cursor;
  if (end >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) cursor.at = 3;
  const head = bytes.toString("utf8", cursor.at, Math.min(end, cursor.at + 64 * 1024));
  const body = head.replace(/^(\s|,|;[^\n]*(\n|$))*/, "");
  if (/^\[?\s*\{\s*("(\\.|[^"\\])*"\s*:|\})/.test(body)) return "json";
  if (body === "" || /^[[(]?\s*(;[^\n]*\n\s*)*(\{\s*[:"]|#|[\])])/.test(body)) return "edn";
  if (looksLikeLog(head)) return "log";
  const line = head.slice(0, head.length - body.length).split("\n").length;
  throw new Malformed(
    line,
    `This is no history: JSON lines, Jepsen's EDN or JSON (one vector or a sequence of maps), Jepsen's text log or Porcupine's key-value lines were expected, and there is ${JSON.stringify(body.slice(0, 40))}.`,
  );
}
