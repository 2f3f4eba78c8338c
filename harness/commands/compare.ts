/** `runproof compare`: whether one run is better or worse than another, and what of them cannot be compared. */
import { resolve } from "node:path";
import { Command } from "commander";
import { exit, messageOf, UserError } from "../base/errors.ts";
import type { Change, FigureCompared } from "../capacity/compare.ts";
import { isCapacityRun, readCapacity } from "./read-capacity.ts";

interface CompareFlags {
  readonly json?: boolean;
}

interface Outcome {
  readonly verdict: Change;
  readonly lines: readonly string[];
  readonly value: unknown;
}

const statusOf: Record<Change, number> = { same: exit.holds, better: exit.holds, worse: exit.violated, inconclusive: exit.inconclusive };

export function compareCommand(finish: (status: number) => void): Command {
  return new Command("compare")
    .description("whether run B is better or worse than run A, or nobody knows")
    .argument("<a>", "directory of a capacity run or of a chaos run; without B, of a capacity run with pairs of windows of two builds")
    .argument("[b]", "directory of another run of the same kind")
    .option("--json", "print the comparison as one JSON object on standard output")
    .addHelpText(
      "after",
      `
Pairs of windows within one run (A B B A ...) tell most: what the machine does meets both. A run that has them is compared alone:
                             runproof compare reports/latest
Two runs at different times: a difference below 5 % is not told, and none is without pairs of a build against itself in both.
                             runproof compare reports/monday reports/tuesday
Two chaos runs are compared by their verdicts; their times are shown, without a verdict.

Exit status 0 better or same, 1 worse, 2 inconclusive, 64 for a mistake in the command.`,
    )
    .action(async (a: string, b: string | undefined, flags: CompareFlags) => {
      const { verdict, lines, value } = await outcome(resolve(a), b === undefined ? undefined : resolve(b));
      const { oneLine } = await import("../report/text.ts");
      process.stdout.write(
        flags.json ? `${JSON.stringify(value, null, 1)}\n` : `${[...lines.map((line) => line.replace(/\S.*/s, oneLine)), verdict].join("\n")}\n`,
      );
      finish(statusOf[verdict]);
    });
}

async function outcome(a: string, b: string | undefined): Promise<Outcome> {
  if (b === undefined) return ownPairs(a);
  const kinds = [a, b].map(isCapacityRun);
  if (kinds[0] !== kinds[1])
    throw new UserError(`Two runs of the same kind were expected: ${kinds[0] ? a : b} is a capacity run, ${kinds[0] ? b : a} is not.`);
  return kinds[0] ? capacityRuns(a, b) : chaosRuns(a, b);
}

async function ownPairs(directory: string): Promise<Outcome> {
  const { comparePairs } = await import("../capacity/compare.ts");
  const { seeded } = await import("../core/random.ts");
  const { noise, pairs, seed } = await readCapacity(directory);
  if (pairs.length === 0) throw new UserError(`${directory} has no pairs of windows of two builds; a second run to compare with was expected.`);
  const compared = comparePairs(noise, pairs, seeded(seed, "compare"));
  const told = `${compared.pairs} pairs, after ${compared.noisePairs} of A against itself.`;
  return { verdict: compared.verdict, lines: [told, ...figureLines(compared.figures), compared.summary], value: compared };
}

async function capacityRuns(a: string, b: string): Promise<Outcome> {
  const { compareRuns } = await import("../capacity/compare-runs.ts");
  const { seeded } = await import("../core/random.ts");
  const [left, right] = [await readCapacity(a), await readCapacity(b)];
  const compared = compareRuns(left, right, seeded(left.seed, "compare"));
  return { verdict: compared.verdict, lines: [...figureLines(compared.figures), ...compared.remarks], value: compared };
}

async function chaosRuns(a: string, b: string): Promise<Outcome> {
  const { compareSuites } = await import("../capacity/compare-suites.ts");
  const { readSuite } = await import("../report/read-suite.ts");
  const read = (directory: string) =>
    readSuite(directory).catch((error) => {
      throw error instanceof UserError ? error : new UserError(`${directory} was expected to be a run's directory: ${messageOf(error)}`);
    });
  const compared = compareSuites(await read(a), await read(b));
  const figures = compared.figures.map(({ name, a: was, b: is }) => `  ${name}: ${short(was)} -> ${short(is)}`);
  return { verdict: compared.verdict, lines: [...compared.changed, ...figures, ...compared.remarks], value: compared };
}

function figureLines(figures: readonly FigureCompared[]): string[] {
  return figures.map(({ summary }) => `  ${summary}`);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
