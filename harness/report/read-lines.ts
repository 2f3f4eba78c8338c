/** JSON Lines of a run that may have been killed: read as a stream, in bounded memory, damage counted and told. */
import { createReadStream } from "node:fs";
import type { Json } from "../core/history.ts";
import { grouped, oneLine } from "./text.ts";

/** A longer line is damage: no record comes near it, and a file without line ends must not fill the memory. */
const lineBytesAtMost = 4 * 1024 * 1024;

export type Row = { readonly [key: string]: Json };

/** A line as its bytes, one character each, because most lines of a large file are only looked at; `textOf` makes text of it. */
export type Bytes = string;

/**
 * Calls `each` for every line that is a JSON object, in order.
 * @returns what was wrong with the file, as sentences; empty if nothing was. A missing file is one of them.
 */
export function readJsonLines(path: string, name: string, each: (row: Row) => void): Promise<string[]> {
  return readLines(path, name, (line) => {
    const row = parse(line);
    if (row) each(row);
    return row !== null;
  });
}

/** `readJsonLines` for lines that hold one of `needles`; looking for them is many times faster than parsing. */
export function readLinesWith(path: string, name: string, needles: readonly string[], each: (row: Row) => void): Promise<string[]> {
  const wanted = needles.map(bytesOf);
  return readLines(
    path,
    name,
    (line) => {
      if (!wanted.some((needle) => line.includes(needle))) return true;
      const row = parse(line);
      if (row) each(row);
      return row !== null;
    },
    wanted,
  );
}

/**
 * Calls `each` for every line that is not blank, in order; it answers whether it could read the line.
 * @param needles where given, a stretch of the file that holds none of them is passed over without looking at its lines
 */
export async function readLines(path: string, name: string, each: (line: Bytes) => boolean, needles?: readonly Bytes[]): Promise<string[]> {
  let broken = 0;
  let firstBroken = 0;
  let number = 0;
  let unfinished = false;
  const take = (line: Bytes, ended: boolean): void => {
    number += 1;
    if (line === "" || line.trim() === "" || each(line)) return;
    if (!ended) unfinished = true;
    else {
      broken += 1;
      firstBroken ||= number;
    }
  };
  try {
    let rest = "";
    let skipping = false;
    for await (const chunk of createReadStream(path, { encoding: "latin1", highWaterMark: 256 * 1024 })) {
      const text = rest + chunk;
      const end = text.lastIndexOf("\n");
      rest = text.slice(end + 1);
      if (end >= 0) {
        const whole = text.slice(0, end);
        const pass = needles !== undefined && !skipping && !needles.some((needle) => whole.includes(needle));
        for (const piece of pass ? [] : whole.split("\n")) {
          take(skipping ? "too long" : piece, true);
          skipping = false;
        }
      }
      if (rest.length > lineBytesAtMost) {
        skipping = true;
        rest = "";
      }
    }
    if (skipping || rest !== "") take(skipping ? "too long" : rest, false);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" ? [`${name} is missing.`] : [`${name} could not be read (${oneLine(String((error as Error).message))}).`];
  }
  const notes: string[] = [];
  if (broken > 0) notes.push(`${name} has ${grouped(broken)} unreadable line${broken > 1 ? "s" : ""}, the first is line ${grouped(firstBroken)}.`);
  if (unfinished) notes.push(`${name} ends in the middle of line ${grouped(number)}: the recorder was stopped while it wrote.`);
  return notes;
}

export function textOf(line: Bytes): string {
  return Buffer.from(line, "latin1").toString("utf8");
}

export function bytesOf(text: string): Bytes {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** The JSON object of a line; null where it is none. */
export function parse(line: Bytes): Row | null {
  try {
    const value: unknown = JSON.parse(textOf(line));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : null;
  } catch {
    return null;
  }
}
