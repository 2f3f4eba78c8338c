/** What a run tells GitHub Actions: the step's summary, and annotations. */
import { randomUUID } from "node:crypto";
import { appendFile, stat } from "node:fs/promises";
import type { SuiteVerdict } from "../core/verdict.ts";
import { annotations } from "./annotations.ts";
import { renderMarkdown } from "./markdown.ts";

/** GitHub refuses a step's summary above 1 MiB as a whole. */
const summaryBytesAtMost = 1024 * 1024;

type Environment = Readonly<Record<string, string | undefined>>;

/** Appends the Markdown to the file that GITHUB_STEP_SUMMARY names, unless that would make it too large; does nothing where there is none. */
export async function writeStepSummary(suite: SuiteVerdict, environment: Environment): Promise<void> {
  const path = environment.GITHUB_STEP_SUMMARY;
  if (path === undefined || path === "") return;
  const text = renderMarkdown(suite);
  const before = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (before + Buffer.byteLength(text) < summaryBytesAtMost) await appendFile(path, text);
}

/**
 * GitHub's runner obeys any line of a step's output that looks like one of its commands, and what a run prints was partly written by servers. Until this is disposed
 * of the runner obeys nothing. Nothing is written elsewhere.
 */
export function withoutCommands(out: NodeJS.WritableStream, environment: Environment): Disposable {
  if (environment.GITHUB_ACTIONS !== "true") return { [Symbol.dispose]: () => {} };
  // Whoever could guess the word could end the silence.
  const word = randomUUID();
  out.write(`::stop-commands::${word}\n`);
  return { [Symbol.dispose]: () => void out.write(`::${word}::\n`) };
}

/** Prints the annotations in a GitHub workflow, nothing elsewhere. */
export function annotate(suite: SuiteVerdict, environment: Environment, out: NodeJS.WritableStream): void {
  if (environment.GITHUB_ACTIONS === "true") for (const line of annotations(suite)) out.write(`${line}\n`);
}
