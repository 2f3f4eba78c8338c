/** A place in the bytes of a history that arrive piece by piece, and the tokens that JSON and EDN share. Pure. */
import type { Json } from "../core/history.ts";

export interface Cursor {
  bytes: Buffer;
  at: number;
  /** Bytes from here on have not been read yet. */
  end: number;
  /** The line of `at`, from 1. */
  line: number;
}

/** What is wrong with a history, and on which line; whoever knows the file's name adds it. */
export class Malformed extends Error {
  readonly line: number;
  constructor(line: number, text: string) {
    super(text);
    this.line = line;
  }
}

/** Invocations and completions do not go together in the order in which they stand. */
export class Unpaired extends Malformed {}

/** Thrown where the bytes end in the middle of a form: more of them may come, and then the form is read again from its first byte. */
export const incomplete = new Error("The bytes end in the middle of a form.");

/** Deeper nesting is junk or an attack on the stack, not a value of an operation. */
const nestedAtMost = 200;

export function assertDepth(cursor: Cursor, depth: number): void {
  if (depth > nestedAtMost) throw new Malformed(cursor.line, `A value is nested deeper than ${nestedAtMost} levels.`);
}

/** The byte at the cursor. */
export function peek(cursor: Cursor): number {
  if (cursor.at >= cursor.end) throw incomplete;
  return cursor.bytes[cursor.at] as number;
}

/** What stands at the cursor, for an error's sentence. */
export function excerpt(cursor: Cursor): string {
  const text = cursor.bytes.toString("utf8", cursor.at, Math.min(cursor.end, cursor.at + 40));
  return JSON.stringify(text.split(/[\r\n]/, 1)[0]);
}

const internedLengthAtMost = 24;
const interned: string[] = new Array(4096).fill("");

/** Names, processes and small values repeat by the million: equal ones are one string. Only for ASCII. */
function intern(bytes: Buffer, from: number, to: number): string {
  const length = to - from;
  if (length > internedLengthAtMost) return bytes.toString("latin1", from, to);
  let hash = length;
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
  const slot = (hash ^ (hash >>> 12)) & 4095;
  const known = interned[slot] as string;
  let i = known.length === length ? 0 : -1;
  while (i >= 0 && i < length) i = known.charCodeAt(i) === bytes[from + i] ? i + 1 : -1;
  if (i === length) return known;
  const text = bytes.toString("latin1", from, to);
  interned[slot] = text;
  return text;
}

/** @returns the text of the bytes from `from` up to the cursor */
export function textFrom(cursor: Cursor, from: number): string {
  const { bytes, at } = cursor;
  for (let i = from; i < at; i++) if ((bytes[i] as number) >= 0x80) return bytes.toString("utf8", from, at);
  return intern(bytes, from, at);
}

const quote = 0x22;
const backslash = 0x5c;

/** Reads the string that begins at the cursor; JSON's escapes, which are EDN's too. `multiline`: line ends may stand in it (EDN), else they end a cut-off line. */
export function readString(cursor: Cursor, multiline: boolean): string {
  const { bytes, end } = cursor;
  const from = cursor.at + 1;
  let ascii = true;
  let escaped = false;
  for (let at = from; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === quote) {
      cursor.at = at + 1;
      if (escaped) return unescaped(cursor, bytes.toString("utf8", from, at));
      return ascii ? intern(bytes, from, at) : bytes.toString("utf8", from, at);
    }
    if (byte === backslash) {
      escaped = true;
      at++;
    } else if (byte >= 0x80) ascii = false;
    else if (byte < 0x20 && byte !== 0x09) {
      if (!multiline && onlySpace(bytes, at, end)) throw incomplete;
      if (!multiline || (byte !== 0x0a && byte !== 0x0d)) throw new Malformed(cursor.line, `A string holds a raw control character (${byte}).`);
      if (byte === 0x0a) cursor.line++;
    }
  }
  throw incomplete;
}

function onlySpace(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if ((bytes[i] as number) > 0x20 || bytes[i] === 0) return false;
  return true;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "\\": "\\", "/": "/", '"': '"' };

function unescaped(cursor: Cursor, text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (_, letter: string) => {
    const plain = letter.length === 5 ? String.fromCharCode(Number.parseInt(letter.slice(1), 16)) : escapes[letter];
    if (plain === undefined) throw new Malformed(cursor.line, `A string holds the unknown escape \\${letter}.`);
    return plain;
  });
}

/**
 * Reads the number that begins at the cursor and ends before the first of `isEnd`. A whole number that a double cannot hold is kept as its digits, so
 * that two different ones stay different.
 */
export function readNumber(cursor: Cursor, isEnd: (byte: number) => boolean): Json {
  const { bytes, end } = cursor;
  const from = cursor.at;
  let at = bytes[from] === 0x2d || bytes[from] === 0x2b ? from + 1 : from;
  const digits = at;
  let value = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at >= end) throw incomplete;
  const whole = at > digits;
  while (at < end && !isEnd(bytes[at] as number)) at++;
  if (at >= end) throw incomplete;
  cursor.at = at;
  if (whole && at - digits <= 15 && isDigit(bytes[at - 1] as number) && onlyDigits(bytes, digits, at)) return bytes[from] === 0x2d ? -value : value;
  return decimal(bytes, from, at) ?? oddNumber(cursor, bytes.toString("latin1", from, at));
}

/** `12.345`: digits that fit a double, divided once by a power of ten that fits too, are rounded as they should be. */
function decimal(bytes: Buffer, from: number, to: number): number | undefined {
  const negative = bytes[from] === 0x2d;
  let digits = 0;
  let point = -1;
  let value = 0;
  for (let i = negative ? from + 1 : from; i < to; i++) {
    const byte = bytes[i] as number;
    if (isDigit(byte)) {
      value = value * 10 + byte - 0x30;
      digits++;
    } else if (byte === 0x2e && point < 0 && digits > 0) point = i;
    else return undefined;
  }
  if (point < 0 || point === to - 1 || digits > 15) return undefined;
  value /= 10 ** (to - 1 - point);
  return negative ? -value : value;
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

function onlyDigits(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isDigit(bytes[i] as number)) return false;
  return true;
}

/** Long whole numbers, fractions, EDN's `1N`, `1.5M`, `1/3` and `0x1f`. */
function oddNumber(cursor: Cursor, text: string): Json {
  if (/^0[xX][0-9a-fA-F]{1,12}N?$/.test(text)) return Number(text.replace("N", ""));
  const integer = /^([+-]?\d+)N?$/.exec(text)?.[1];
  if (integer !== undefined) return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer.replace("+", "");
  if (/^[+-]?\d+\/\d+$/.test(text)) return text;
  const value = Number(text.replace(/M$/, ""));
  if (!/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?M?$/.test(text) || !Number.isFinite(value))
    throw new Malformed(cursor.line, `${JSON.stringify(text)} is no number.`);
  return value;
}

/** Sets a field of an object that was read; keys are unique, and "__proto__" is a key like any other. */
export function setField(cursor: Cursor, object: { [key: string]: Json }, key: string, value: Json): void {
  if (Object.hasOwn(object, key)) throw new Malformed(cursor.line, `The key ${JSON.stringify(key)} stands twice in one map.`);
  if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}
