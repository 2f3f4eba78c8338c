/** JSON-lines files: what is recorded is on its way to disk at once, and what is read back names file and line when it is wrong. */
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { UserError } from "./errors.ts";

export interface Journal<T> extends AsyncDisposable {
  write(record: T): void;
  /** Throws once a write has failed, so that a run does not go on without its record. */
  assertWritable(): void;
}

/** Appends records to `path`. Disposing waits until all of it has been handed to the operating system; a failed write (disk full) rejects there. */
export function openJournal<T>(path: string): Journal<T> {
  const stream = createWriteStream(path, { flags: "a" });
  let failure: Error | undefined;
  stream.on("error", (error) => {
    failure ??= new UserError(`Writing ${path} failed (${error.message}). Make room or choose another place with --reports DIR, and run again.`, 70);
  });
  return {
    write(record) {
      if (!failure) stream.write(`${JSON.stringify(record)}\n`);
    },
    assertWritable() {
      if (failure) throw failure;
    },
    async [Symbol.asyncDispose]() {
      if (!failure) await new Promise<void>((resolve) => stream.end(resolve).once("error", () => resolve()));
      if (failure) throw failure;
    },
  };
}

const longestLine = 16 * 1024 * 1024;

/**
 * Reads a JSON-lines file line by line. A last line that was cut off in the middle (no newline and no valid JSON) is skipped and
 * reported through `onTruncated`; any other malformed line throws a UserError naming file and line. A missing file is empty.
 */
async function* readJournal<T>(path: string, onTruncated: (problem: string) => void = () => {}): AsyncGenerator<T> {
  if (!existsSync(path)) return;
  const lines = createInterface({ input: createReadStream(path, { encoding: "utf8" }), crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  let broken: string | undefined;
  for await (const line of lines) {
    if (broken !== undefined) throw new UserError(broken);
    number++;
    if (line === "") continue;
    if (line.length > longestLine)
      throw new UserError(`${path} line ${number} is ${line.length} characters long; a record of at most ${longestLine} was expected.`);
    let record: T;
    try {
      record = JSON.parse(line) as T;
    } catch {
      broken = `${path} line ${number} is not JSON: ${JSON.stringify(line.slice(0, 80))}. Every line must be one record; mend or remove it.`;
      continue;
    }
    yield record;
  }
  if (broken !== undefined) onTruncated(`${path}: the last line (${number}) was cut off in the middle and is left out.`);
}

export async function readAll<T>(path: string, onTruncated?: (problem: string) => void): Promise<T[]> {
  const all: T[] = [];
  for await (const record of readJournal<T>(path, onTruncated)) all.push(record);
  return all;
}
