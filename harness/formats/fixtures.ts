/** Histories as text, read as a user's file would be. For tests. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { readHistory } from "./history-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "formats-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file of this name in a folder that is there as long as the tests of one file. */
export const pathOf = (name: string): string => join(folder, name);

export async function read(content: string | Buffer) {
  const path = pathOf(`${Math.abs(content.length)}-history`);
  await writeFile(path, content);
  return readHistory(path);
}

/** process, f, key, input, output, outcome of each operation. */
export async function table(content: string | Buffer) {
  const { operations } = await read(content);
  return operations.map(({ process, f, key, input, output, outcome }) => [process, f, key, input, output, outcome]);
}

export const refusal = (content: string | Buffer): Promise<string> =>
  read(content).then(
    () => "accepted",
    (error) => `${error.name}: ${error.message.slice(folder.length)}`,
  );
