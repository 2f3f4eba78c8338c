/**
 * EDN values from bytes, as Clojure prints them (github.com/edn-format/edn), turned into what JSON can say: keywords and symbols become their names, nil
 * null, sets and lists arrays, a tagged value its value. Pure.
 */
import type { Json } from "../core/history.ts";
import { assertDepth, type Cursor, excerpt, incomplete, Malformed, peek, readNumber, readString, setField, textFrom } from "./cursor.ts";

const closingOf: Readonly<Record<number, number>> = { 40: 0x29, 91: 0x5d, 123: 0x7d };

/** White space, brackets, quotes and semicolons end a token. */
const endsToken = (byte: number): boolean =>
  byte <= 0x20 ||
  byte === 0x2c ||
  byte === 0x22 ||
  byte === 0x3b ||
  byte === 0x28 ||
  byte === 0x29 ||
  byte === 0x5b ||
  byte === 0x5d ||
  byte === 0x7b ||
  byte === 0x7d;

/** Passes white space, commas and comments. A comment that is cut off by the end of the bytes is left, so that it is passed as a whole later. */
export function skipEdnSpace(cursor: Cursor): void {
  const { bytes, end } = cursor;
  let at = cursor.at;
  for (; at < end; at++) {
    const byte = bytes[at];
    if (byte === 0x0a) cursor.line++;
    else if (byte === 0x3b) {
      const lineEnd = bytes.indexOf(0x0a, at);
      if (lineEnd < 0 || lineEnd >= end) break;
      at = lineEnd;
      cursor.line++;
    } else if (byte !== 0x20 && byte !== 0x2c && byte !== 0x09 && byte !== 0x0d && byte !== 0x0c) break;
  }
  cursor.at = at;
}

/** @throws incomplete when the bytes end first; Malformed with the line */
export function readEdn(cursor: Cursor, depth = 0): Json {
  assertDepth(cursor, depth);
  skipEdnSpace(cursor);
  const byte = peek(cursor);
  if (byte === 0x22) return readString(cursor, true);
  if (byte === 0x7b) return readMap(cursor, depth);
  if (byte === 0x5b || byte === 0x28) return readSequence(cursor, depth);
  if (byte === 0x23) return readDispatch(cursor, depth);
  if (byte === 0x5c) return readCharacter(cursor);
  if (byte === 0x3b) throw incomplete;
  if (byte === 0x5e) {
    // Metadata says nothing of the value behind it.
    cursor.at++;
    readEdn(cursor, depth + 1);
    return readEdn(cursor, depth + 1);
  }
  if (startsNumber(cursor, byte)) return readNumber(cursor, endsToken);
  if (byte === 0x3a) {
    cursor.at++;
    return readToken(cursor);
  }
  const symbol = readToken(cursor);
  return symbol === "nil" ? null : symbol === "true" ? true : symbol === "false" ? false : symbol;
}

function startsNumber(cursor: Cursor, byte: number): boolean {
  if (byte >= 0x30 && byte <= 0x39) return true;
  if (byte !== 0x2d && byte !== 0x2b) return false;
  if (cursor.at + 1 >= cursor.end) throw incomplete;
  const next = cursor.bytes[cursor.at + 1] as number;
  return next >= 0x30 && next <= 0x39;
}

function readToken(cursor: Cursor): string {
  const { bytes, end } = cursor;
  const from = cursor.at;
  let at = from;
  while (at < end && !endsToken(bytes[at] as number)) at++;
  if (at >= end) throw incomplete;
  if (at === from || (bytes[from] as number) === 0x7f)
    throw new Malformed(cursor.line, `An EDN value was expected, and there is ${excerpt(cursor)}.`);
  cursor.at = at;
  return textFrom(cursor, from);
}

function readSequence(cursor: Cursor, depth: number): Json[] {
  const closing = closingOf[peek(cursor)];
  const values: Json[] = [];
  cursor.at++;
  for (;;) {
    if (!valueFollows(cursor, depth)) {
      if (cursor.bytes[cursor.at] !== closing) throw new Malformed(cursor.line, `The brackets do not match: ${excerpt(cursor)}.`);
      cursor.at++;
      return values;
    }
    values.push(readEdn(cursor, depth + 1));
  }
}

/** Whether another value comes before the closing bracket; passes what `#_` discards. */
function valueFollows(cursor: Cursor, depth: number): boolean {
  for (;;) {
    skipEdnSpace(cursor);
    const byte = peek(cursor);
    if (byte === 0x29 || byte === 0x5d || byte === 0x7d) return false;
    if (byte !== 0x23) return true;
    if (cursor.at + 1 >= cursor.end) throw incomplete;
    if (cursor.bytes[cursor.at + 1] !== 0x5f) return true;
    cursor.at += 2;
    readEdn(cursor, depth + 1);
  }
}

function readMap(cursor: Cursor, depth: number): Json {
  const forms = readSequence(cursor, depth);
  if (forms.length % 2 === 1) throw new Malformed(cursor.line, "A map holds a key without a value.");
  const map: { [key: string]: Json } = {};
  for (let i = 0; i < forms.length; i += 2) {
    const key = forms[i] as Json;
    setField(cursor, map, typeof key === "string" ? key : JSON.stringify(key), forms[i + 1] as Json);
  }
  return map;
}

/** What follows `#`: a set, a tagged value, a special number, a regular expression, a namespaced map. */
function readDispatch(cursor: Cursor, depth: number): Json {
  cursor.at++;
  const byte = peek(cursor);
  if (byte === 0x7b) return readSet(cursor, depth);
  if (byte === 0x22) return readString(cursor, true);
  if (byte === 0x23) {
    cursor.at++;
    return readToken(cursor);
  }
  if (byte === 0x5f) {
    cursor.at++;
    readEdn(cursor, depth + 1);
    return readEdn(cursor, depth + 1);
  }
  readToken(cursor);
  return readEdn(cursor, depth + 1);
}

/** Equal sets become equal arrays, in whatever order they were printed. */
function readSet(cursor: Cursor, depth: number): Json {
  const values = readSequence(cursor, depth);
  if (values.every((value) => typeof value === "number")) return (values as number[]).sort((a, b) => a - b);
  return values
    .map((value) => [JSON.stringify(value), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, value]) => value);
}

const characters: Readonly<Record<string, string>> = { newline: "\n", space: " ", tab: "\t", return: "\r" };

function readCharacter(cursor: Cursor): string {
  cursor.at++;
  const from = cursor.at;
  peek(cursor);
  cursor.at++;
  while (!endsToken(peek(cursor))) cursor.at++;
  const text = textFrom(cursor, from);
  return characters[text] ?? text;
}
