/** `runproof baseline`: keeps the figures of capacity runs, and says where the series of nights changed. */
import { appendFile, mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { exit, messageOf, UserError } from "../base/errors.ts";
import { readAll } from "../base/journal.ts";
import type { Baseline } from "../capacity/baselines.ts";
import { seedNumber } from "./arguments.ts";
import { readCapacity } from "./read-capacity.ts";

interface BaselineFlags {
  readonly file: string;
  readonly seed: number;
  readonly json?: boolean;
}

export function baselineCommand(finish: (status: number) => void): Command {
  return new Command("baseline")
    .description("keep the figures of capacity runs and say where a figure changed; a verdict takes 30 nights of one machine")
    .argument("[dirs...]", "capacity runs whose figures are added first; without one the file is judged as it is")
    .option("--file <file>", "JSON lines, one a run", "reports/baselines.jsonl")
    .option("--seed <n>", "of the permutations that tell a change from noise", seedNumber, 1)
    .option("--json", "print the series as one JSON array on standard output")
    .addHelpText("after", "\nExit status 0; 2 when a figure has too few nights for a verdict; 64 for a mistake in the command.")
    .action(async (directories: string[], flags: BaselineFlags) => finish(await baseline(directories, flags)));
}

async function baseline(directories: readonly string[], { file, seed, json }: BaselineFlags): Promise<number> {
  const { baselineOf, judgeBaselines } = await import("../capacity/baselines.ts");
  const { seeded } = await import("../core/random.ts");
  const { oneLine } = await import("../report/text.ts");
  const path = resolve(file);
  const added: Baseline[] = [];
  for (const directory of directories) added.push(baselineOf(await readCapacity(directory)));
  const empty = directories.filter((_, i) => Object.keys(added[i]?.figures ?? {}).length === 0);
  if (empty.length > 0) throw new UserError(`${empty.join(", ")} has no valid figure; nothing was added to ${file}.`);
  const before = await readAll<Baseline>(path).catch((error) => {
    throw error instanceof UserError ? error : new UserError(`${file} was expected to hold baselines and cannot be read: ${messageOf(error)}`);
  });
  const wrong = before.findIndex((line) => line?.version !== 1 || typeof line.machine !== "string" || typeof line.figures !== "object");
  if (wrong >= 0) throw new UserError(`${file} record ${wrong + 1} was expected to be a baseline of version 1 and is none.`);
  if (added.length > 0) {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, added.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }
  const lines = [...before, ...added];
  if (lines.length === 0) throw new UserError(`${file} holds no baselines yet; name the directory of a capacity run to add its figures.`);
  const judged = judgeBaselines(lines, seeded(seed, "baseline"));
  process.stdout.write(json ? `${JSON.stringify(judged, null, 1)}\n` : judged.map(({ summary }) => `${oneLine(summary)}\n`).join(""));
  return judged.some(({ changes }) => changes === null) ? exit.inconclusive : exit.holds;
}
