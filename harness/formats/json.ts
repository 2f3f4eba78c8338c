/** JSON values from bytes (RFC 8259), stricter than JSON.parse where it matters: no key twice, no number rounded, no nesting without end. Pure. */
import type { Json } from "../core/history.ts";
import { assertDepth, type Cursor, excerpt, incomplete, Malformed, peek, readNumber, readString, setField } from "./cursor.ts";

function skipJsonSpace(cursor: Cursor): void {
  const { bytes, end } = cursor;
  let at = cursor.at;
  for (; at < end; at++) {
    const byte = bytes[at];
    if (byte === 0x0a) cursor.line++;
    else if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) break;
  }
  cursor.at = at;
}

const endsNumber = (byte: number): boolean => byte <= 0x20 || byte === 0x2c || byte === 0x5d || byte === 0x7d;

/** @throws incomplete when the bytes end first; Malformed with the line */
export function readJson(cursor: Cursor, depth = 0): Json {
  assertDepth(cursor, depth);
  const byte = peek(cursor);
  if (byte === 0x22) return readString(cursor, false);
  if (byte === 0x7b) return readObject(cursor, depth);
  if (byte === 0x5b) return readArray(cursor, depth);
  if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) return readNumber(cursor, endsNumber);
  if (byte === 0x74) return readWord(cursor, "true", true);
  if (byte === 0x66) return readWord(cursor, "false", false);
  if (byte === 0x6e) return readWord(cursor, "null", null);
  throw new Malformed(cursor.line, `A JSON value was expected, and there is ${excerpt(cursor)}.`);
}

function readWord(cursor: Cursor, word: string, value: Json): Json {
  if (cursor.bytes.toString("latin1", cursor.at, Math.min(cursor.end, cursor.at + word.length)) !== word) {
    if (cursor.at + word.length > cursor.end) throw incomplete;
    throw new Malformed(cursor.line, `A JSON value was expected, and there is ${excerpt(cursor)}.`);
  }
  cursor.at += word.length;
  return value;
}

function readArray(cursor: Cursor, depth: number): Json {
  const values: Json[] = [];
  cursor.at++;
  skipJsonSpace(cursor);
  if (peek(cursor) === 0x5d) cursor.at++;
  else
    do {
      skipJsonSpace(cursor);
      values.push(readJson(cursor, depth + 1));
    } while (another(cursor, 0x5d));
  return values;
}

function readObject(cursor: Cursor, depth: number): Json {
  const object: { [key: string]: Json } = {};
  cursor.at++;
  skipJsonSpace(cursor);
  if (peek(cursor) === 0x7d) cursor.at++;
  else
    do {
      skipJsonSpace(cursor);
      if (peek(cursor) !== 0x22) throw new Malformed(cursor.line, `A key in double quotes was expected, and there is ${excerpt(cursor)}.`);
      const key = readString(cursor, false);
      skipJsonSpace(cursor);
      if (peek(cursor) !== 0x3a)
        throw new Malformed(cursor.line, `A colon was expected after the key ${JSON.stringify(key)}, and there is ${excerpt(cursor)}.`);
      cursor.at++;
      skipJsonSpace(cursor);
      setField(cursor, object, key, readJson(cursor, depth + 1));
    } while (another(cursor, 0x7d));
  return object;
}

/** Whether a comma follows; passes it, or the closing byte. */
function another(cursor: Cursor, closing: number): boolean {
  skipJsonSpace(cursor);
  const byte = peek(cursor);
  if (byte !== 0x2c && byte !== closing)
    throw new Malformed(cursor.line, `A comma or "${String.fromCharCode(closing)}" was expected, and there is ${excerpt(cursor)}.`);
  cursor.at++;
  return byte === 0x2c;
}
