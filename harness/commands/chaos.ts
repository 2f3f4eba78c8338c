/** `runproof chaos`: the experiments against the reference server on this machine, and what there is to run. */
import { randomInt } from "node:crypto";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { exit, UserError } from "../base/errors.ts";
import { type Choice, choices, type Experiment, type Layout, layouts } from "../core/experiment.ts";
import type { SuiteVerdict } from "../core/verdict.ts";
import type { SuiteOptions } from "../run/suite.ts";
import { type DriverName, driverOption, names, onDriver, positiveInteger, seedNumber } from "./arguments.ts";

export interface ChaosFlags {
  readonly seed?: number;
  readonly only?: readonly string[];
  readonly profile: Choice;
  readonly for?: number;
  readonly plan?: string;
  readonly minimise?: number;
  readonly defect?: string;
  readonly keep?: boolean;
  readonly list?: boolean;
  readonly topology?: Layout;
  readonly api?: number;
  readonly queue?: number;
  readonly driver?: DriverName;
  readonly reports: string;
}

export function chaosCommand(project: string, signal: AbortSignal, finish: (status: number) => void): Command {
  return new Command("chaos")
    .description("run the experiments against the reference server on this machine")
    .option("--seed <n>", "replay the schedule of an earlier run", seedNumber)
    .option("--only <ids>", "only these experiments, separated by commas", names)
    .addOption(
      new Option(
        "--profile <name>",
        "how much: smoke (2 minutes), default, nightly (most, safety with three seeds), weekly (all, safety with five), soak (long loads), random (rounds of random faults until one violates)",
      )
        .choices(choices)
        .default("default"),
    )
    .option("--for <minutes>", "with --profile random: begin no round after so many minutes", positiveInteger)
    .option("--minimise <minutes>", "after a violation, try for so long to repeat it with fewer and shorter faults and less load", positiveInteger)
    .option("--plan <file>", "carry out what --minimise left")
    .option("--defect <id-or-file>", "plant a defect in a copy of the server; runs the experiments that should catch it")
    .addOption(driverOption())
    .option("--list", "list experiments and defects, and run nothing")
    .addOption(
      new Option(
        "--topology <name>",
        "how Postgres and Redis are laid out, where the experiment does not fix it: single; Postgres as three nodes under Patroni that replicate synchronously (ha), asynchronously (ha-async), strictly synchronously (ha-strict); Postgres with a standby that is promoted by hand (standby), or with it in a second region (regions); Redis as three servers under sentinels (sentinel); one server each, and of the instances of a role one serves while the others stand by (passive)",
      ).choices(layouts),
    )
    .option("--api <n>", "API instances, where the experiment does not fix them", positiveInteger)
    .option("--queue <n>", "queue instances, where the experiment does not fix them", positiveInteger)
    .option("--keep", "keep the run's private directory (databases, configuration, the copy of the server)")
    .option("--reports <dir>", "where evidence and reports go", join(project, "reports"))
    .action(async (flags: ChaosFlags) => finish(flags.list ? await list(project) : await chaos(project, signal, flags)));
}

async function list(project: string): Promise<number> {
  const { listDefects, listExperiments } = await import("../run/catalogue.ts");
  const experiments = await listExperiments(project);
  const rows = [
    "Experiments (--only ID):",
    ...experiments.map(
      (experiment) => `  ${experiment.id.padEnd(26)} ${experiment.title} (${experiment.profile}) [${Object.keys(experiment.claims).join(", ")}]`,
    ),
    "Planted defects (--defect ID):",
    ...(await listDefects(project)).map((defect) => `  ${defect.id.padEnd(26)} ${defect.what} [${defect.claim}]`),
    "The claims, with what tries each of them: npm run runproof -- claims",
  ];
  process.stdout.write(`${rows.join("\n")}\n`);
  return exit.holds;
}

/** @returns the exit status of the run, whose directory below the reports ends in its seed */
export async function chaos(project: string, signal: AbortSignal, flags: ChaosFlags): Promise<number> {
  const { claimRows, findDefect, loadTarget } = await import("../run/catalogue.ts");
  if (flags.for !== undefined && flags.profile !== "random") throw new UserError("--for was expected together with --profile random.");
  const defect = flags.defect === undefined ? undefined : await findDefect(project, flags.defect);
  if (flags.minimise !== undefined && flags.profile === "random")
    throw new UserError("--minimise was expected without --profile random: it begins with the command that a violated round prints.");
  const { experiments, seed } = await chosen(project, flags, defect?.caughtBy ?? []);
  const target = await loadTarget(project, "reference");
  const { plannedEdits } = await import("../drivers/process/tree.ts");
  await plannedEdits(join(project, target.tree), defect);
  const claims = await claimRows(project, target.id);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const layout = flags.topology ?? "single";
  const inContainers = flags.driver === "compose";
  const { provideParts } = await import("../run/process-parts.ts");
  const parts = await provideParts({ project, experiments, target, layout, inContainers, signal, onProgress: say });
  const topology = { ...(flags.api === undefined ? {} : { api: flags.api }), ...(flags.queue === undefined ? {} : { queue: flags.queue }) };
  const reports = resolve(flags.reports);
  const options = {
    ...{ project, parts, target, experiments, profile: flags.profile, claims, defect, layout, topology, signal, reports },
    seed: seed ?? randomInt(0x100000000),
    plan: flags.plan,
    keep: flags.keep ?? false,
    out: process.stdout,
  };
  const { needsCluster } = await import("../run/cluster-parts.ts");
  const on = { project, target, clustered: needsCluster(experiments, layout), signal, say };
  return onDriver(flags.driver, on, (containers) => carryOut({ ...options, containers }, flags));
}

async function carryOut(options: SuiteOptions, flags: ChaosFlags): Promise<number> {
  const { project, target, signal, reports } = options;
  const { runSuite } = await import("../run/suite.ts");
  if (flags.profile === "random") {
    const { runRounds } = await import("../run/rounds.ts");
    const status = await runRounds(options, (flags.for ?? Number.POSITIVE_INFINITY) * 60_000);
    if (signal.aborted) throw signal.reason;
    return status;
  }
  const { annotate, withoutCommands, writeStepSummary } = await import("../report/github.ts");
  let verdict: SuiteVerdict;
  {
    using _quiet = withoutCommands(process.stdout, process.env);
    const ran = await runSuite(options);
    verdict = ran.verdict;
    const { finishRun } = await import("../run/finish.ts");
    await finishRun({ project, target, ...ran, reports, out: process.stdout });
    if (flags.minimise !== undefined && !signal.aborted) {
      const { minimiseRun } = await import("../run/minimise.ts");
      process.stdout.write(`\n${await minimiseRun(options, ran, flags.minimise * 60_000)}\n`);
    }
  }
  await writeStepSummary(verdict, process.env);
  annotate(verdict, process.env, process.stdout);
  if (signal.aborted) throw signal.reason;
  return verdict.exit;
}

/** What is to be carried out: a plan, or experiments by their ids, by the defect that is planted, or by the profile. */
async function chosen(
  project: string,
  { plan: file, only, seed, profile }: ChaosFlags,
  meant: readonly string[],
): Promise<{ readonly experiments: readonly Experiment[]; readonly seed: number | undefined }> {
  const { choose, listExperiments } = await import("../run/catalogue.ts");
  const all = await listExperiments(project);
  // Random rounds look for a planted defect without being told where.
  if (file === undefined) return { experiments: choose(all, only ?? (profile === "random" ? [] : meant), profile), seed };
  if (only !== undefined || seed !== undefined) throw new UserError("--plan was expected without --only and --seed: the plan names both.");
  const { readPlan } = await import("../run/plan-file.ts");
  const { planned } = await import("../core/plan.ts");
  const plan = await readPlan(project, file);
  return { experiments: choose(all, [plan.experiment], "default").map((experiment) => planned(experiment, plan)), seed: plan.seed };
}
