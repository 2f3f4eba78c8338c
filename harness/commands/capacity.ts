/** `runproof capacity`: how much the deployment carries within its objectives, how that grows, what limits it, and whether another build carries more. */

import { randomInt } from "node:crypto";
import { appendFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import { exit, UserError } from "../base/errors.ts";
import { names, positiveInteger, seedNumber } from "./arguments.ts";

interface CapacityFlags {
  readonly seed?: number;
  readonly only?: readonly string[];
  readonly profile: string;
  readonly with?: string;
  readonly against?: string;
  readonly pairs: number;
  readonly target?: number;
  readonly faults?: boolean;
  readonly keep?: boolean;
  readonly list?: boolean;
  readonly reports: string;
}

export function capacityCommand(project: string, signal: AbortSignal, finish: (status: number) => void): Command {
  return new Command("capacity")
    .description("measure how much the deployment carries within its objectives, how that grows with instances, and what limits it")
    .option("--seed <n>", "the work that is offered", seedNumber)
    .option("--only <ids>", "only these studies, separated by commas", names)
    .option("--profile <name>", "default, or nightly: every study, at full length", "default")
    .option("--with <variant>", "measure a variant of the deployment: a name, NAME=VALUE settings, another checkout's folder, or a planted defect")
    .option("--against <variant>", "compare with a variant in pairs of windows, after the deployment with itself")
    .option("--pairs <n>", "pairs of a comparison", positiveInteger, 12)
    .option("--target <n>", "a rate (per second) to hold against what is sustainable", positiveInteger)
    .option("--faults", "after the search: the rate that is carried with nothing lost or done twice while instances die")
    .option("--list", "list studies and variants, and run nothing")
    .option("--keep", "keep the run's private directory (databases, configuration, the copy of the server)")
    .option("--reports <dir>", "where measurements go", join(project, "reports"))
    .action(async (flags: CapacityFlags) => finish(flags.list ? await list(project) : await capacity(project, signal, flags)));
}

async function list(project: string): Promise<number> {
  const { listStudies, listVariants } = await import("../capacity/live/studies.ts");
  const rows = [
    "Studies (--only ID):",
    ...(await listStudies(project)).map(({ id, title, profile }) => `  ${id.padEnd(26)} ${title} (${profile})`),
    "Variants (--with ID, --against ID):",
    ...(await listVariants(project)).map(({ id, what }) => `  ${id.padEnd(26)} ${what}`),
  ];
  process.stdout.write(`${rows.join("\n")}\n`);
  return exit.holds;
}

/** @returns the run's exit status; figures of the deployment as it is go to `baselines.jsonl` of the reports, for `runproof baseline` and the trend */
export async function capacity(project: string, signal: AbortSignal, flags: CapacityFlags): Promise<number> {
  const { asItIs, findVariant, listStudies } = await import("../capacity/live/studies.ts");
  const { loadTarget } = await import("../run/catalogue.ts");
  if (flags.profile !== "default" && flags.profile !== "nightly")
    throw new UserError(`--profile was expected to be default or nightly, not "${flags.profile}".`);
  const known = await listStudies(project);
  for (const id of flags.only ?? [])
    if (!known.some((study) => study.id === id))
      throw new UserError(`Unknown study "${id}". There are: ${known.map((study) => study.id).join(", ")}.`);
  const meant = flags.only ?? known.filter(({ profile }) => profile === "default" || flags.profile === "nightly").map(({ id }) => id);
  // Two builds are compared by what work costs, which a search for the limit does not tell better.
  const studies = known.filter(({ id, kind }) => meant.includes(id) && (flags.against === undefined || kind === "search"));
  if (studies.length === 0) throw new UserError("--against was expected together with a study that searches: runs or queries.");
  const target = await loadTarget(project, "reference");
  const variantOf = async (named: string | undefined) => (named === undefined ? undefined : findVariant(project, named, target.tree));
  const variant = (await variantOf(flags.with)) ?? asItIs;
  const against = await variantOf(flags.against);
  const { provision } = await import("../provision/provision.ts");
  const parts = await provision({ signal, onProgress: (line) => process.stderr.write(`${line}\n`) });
  const { baselineOf } = await import("../capacity/baselines.ts");
  const { runCapacity } = await import("../capacity/live/run-capacity.ts");
  const { directory, report } = await runCapacity({
    ...{ project, parts, target, studies, variant, against, signal },
    reports: resolve(flags.reports),
    targetPerSecond: flags.target ?? null,
    whole: flags.profile === "nightly",
    faults: flags.faults === true || flags.profile === "nightly",
    pairs: flags.pairs,
    seed: flags.seed ?? randomInt(0x100000000),
    keep: flags.keep ?? false,
    say: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`result   ${relative(process.cwd(), join(directory, "capacity.json"))}\n`);
  if (signal.aborted) throw signal.reason;
  const baseline = baselineOf(report);
  const asItWas = variant === asItIs && against === undefined && Object.keys(baseline.figures).length > 0;
  if (asItWas) await appendFile(resolve(flags.reports, "baselines.jsonl"), `${JSON.stringify(baseline)}\n`);
  return report.exit;
}
