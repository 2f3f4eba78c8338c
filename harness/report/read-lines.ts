/** JSON Lines of a run that may have been killed: read as a stream, in bounded memory, damage counted and told. */
import { createReadStream } from "node:fs";
import type { Json } from "../core/history.ts";
import { grouped, oneLine } from "./text.ts";

/** A longer line is damage: no record comes near it, and a file without line ends must not fill the memory. */
const lineBytesAtMost = 4 * 1024 * 1024;

type Row = { readonly [key: string]: Json };

/**
 * Calls `each` for every line that is a JSON object, in order.
 * @returns what was wrong with the file, as sentences; empty if nothing was. A missing file is one of them.
 */
export async function readJsonLines(path: string, name: string, each: (row: Row) => void): Promise<string[]> {
  let broken = 0;
  let firstBroken = 0;
  let number = 0;
  let unfinished = false;
  const take = (line: string, ended: boolean): void => {
    number += 1;
    if (line.trim() === "") return;
    const row = parse(line);
    if (row) each(row);
    else if (!ended) unfinished = true;
    else {
      broken += 1;
      firstBroken ||= number;
    }
  };
  try {
    let rest = "";
    let skipping = false;
    for await (const chunk of createReadStream(path, { encoding: "utf8", highWaterMark: 256 * 1024 })) {
      const pieces = (rest + chunk).split("\n");
      rest = pieces.pop() ?? "";
      for (const piece of pieces) {
        take(skipping ? "too long" : piece, true);
        skipping = false;
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

function parse(line: string): Row | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : null;
  } catch {
    return null;
  }
}
