/** `runproof nightly`: most experiments once and those of safety with several seeds, then the trend; with --defects the proof that it can see, with --capacity what the deployment carries. */
import { randomInt } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { exit } from "../base/errors.ts";
import { seedNumber } from "./arguments.ts";
import { capacity } from "./capacity.ts";
import { chaos } from "./chaos.ts";
import { defects } from "./defects.ts";
import { trend } from "./trend.ts";

interface NightlyFlags {
  readonly seed?: number;
  readonly defects?: boolean;
  readonly capacity?: boolean;
  readonly reports: string;
}

export function nightlyCommand(project: string, signal: AbortSignal, finish: (status: number) => void): Command {
  return new Command("nightly")
    .description("run the profile nightly and add it to the trend; exit status of the run")
    .option("--seed <n>", "replay the schedules of an earlier night", seedNumber)
    .option("--defects", "also plant every defect in turn; a defect that nobody sees is a failure (exit 1)")
    .option("--capacity", "also measure what the deployment carries; a measurement that is void does not decide the exit status")
    .option("--reports <dir>", "where evidence, reports and the trend go", join(project, "reports"))
    .action(async (flags: NightlyFlags) => finish(await nightly(project, signal, flags)));
}

async function nightly(project: string, signal: AbortSignal, flags: NightlyFlags): Promise<number> {
  const reports = resolve(flags.reports);
  const seed = flags.seed ?? randomInt(0x100000000);
  const before = new Set(await readdir(reports).catch(() => []));
  const ran = await chaos(project, signal, { profile: "nightly", seed, reports });
  const run = (await readdir(reports)).find((name) => name.includes(`Z-${seed}`) && !before.has(name));
  const seen = flags.defects ? await defects(project, signal, { reports }) : exit.holds;
  const carried = flags.capacity ? await capacity(project, signal, { profile: "default", pairs: 0, reports }) : exit.holds;
  if (run !== undefined) await trend(join(reports, run));
  // A machine that was too busy for a number says nothing of the code.
  return [ran, seen].find((status) => status !== exit.holds) ?? (carried === exit.inconclusive ? exit.holds : carried);
}
