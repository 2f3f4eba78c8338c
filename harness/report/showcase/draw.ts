/** The committed example's page, drawn from its committed records. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeReport } from "../write-report.ts";
import { unpackRun } from "./trim.ts";

/** A real run of a server with a planted defect. */
export const example = resolve(import.meta.dirname, "../../../reports/example");

export async function drawExample(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "runproof-example-"));
  try {
    await unpackRun(example, directory);
    return await readFile((await writeReport(directory)).html, "utf8");
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
