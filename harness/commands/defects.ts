/** `runproof defects`: plants every defect in turn and sees whether the right claim turns. What no defect can turn is not evidence. */
import { appendFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { exit, UserError } from "../base/errors.ts";
import { type Defect, type Experiment, type Profile, profiles } from "../core/experiment.ts";
import { readSuite } from "../report/read-suite.ts";
import type { DetectionLine } from "../report/trend/record.ts";
import type { Detection, DetectionOptions } from "../run/detection.ts";
import { type DriverName, driverOption, names, onDriver } from "./arguments.ts";

export interface DefectsFlags {
  readonly only?: readonly string[];
  readonly profile?: Profile;
  readonly driver?: DriverName;
  readonly reports: string;
}

export function defectsCommand(project: string, signal: AbortSignal, finish: (status: number) => void): Command {
  return new Command("defects")
    .description(
      "plant every defect in turn, with up to three seeds each, and print which were caught; exit status 0 when all were that could be tried here",
    )
    .option("--only <ids>", "only these defects, separated by commas", names)
    .addOption(new Option("--profile <name>", "only the defects that an experiment of this profile should catch").choices(profiles))
    .addOption(driverOption())
    .option("--reports <dir>", "where evidence and reports go", join(project, "reports"))
    .action(async (flags: DefectsFlags) => finish(await defects(project, signal, flags)));
}

/** @returns 0 when all were caught; the rate of the usual driver goes to `detection.jsonl` of the reports, for the trend */
export async function defects(project: string, signal: AbortSignal, flags: DefectsFlags): Promise<number> {
  const { claimRows, listExperiments, loadTarget } = await import("../run/catalogue.ts");
  const [experiments, claims, target] = await Promise.all([
    listExperiments(project),
    claimRows(project, "reference"),
    loadTarget(project, "reference"),
  ]);
  const planted = await chosen(project, flags, experiments);
  const { plannedEdits } = await import("../drivers/process/tree.ts");
  for (const defect of planted) await plannedEdits(join(project, target.tree), defect);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const meant = experiments.filter(({ id }) => planted.some(({ caughtBy }) => caughtBy.includes(id)));
  const inContainers = flags.driver === "compose";
  const { provideParts } = await import("../run/process-parts.ts");
  const parts = await provideParts({ project, experiments: meant, target, layout: "single", inContainers, signal, onProgress: say });
  const reports = resolve(flags.reports);
  const { needsCluster } = await import("../run/cluster-parts.ts");
  const on = { project, target, clustered: needsCluster(meant, "single"), signal, say };
  return onDriver(flags.driver, on, (containers) =>
    plant(planted, flags, { ...{ project, reports, parts, containers, target, experiments, claims, signal }, out: process.stdout }),
  );
}

async function chosen(project: string, { only, profile }: DefectsFlags, experiments: readonly Experiment[]): Promise<readonly Defect[]> {
  const { choose, findDefect, listDefects } = await import("../run/catalogue.ts");
  if (only && profile) throw new UserError("--profile was expected without --only: each says which defects.");
  if (only) return Promise.all(only.map((id) => findDefect(project, id)));
  const within = profile && choose(experiments, [], profile).map(({ id }) => id);
  return (await listDefects(project)).filter(({ caughtBy }) => within === undefined || caughtBy.some((id) => within.includes(id)));
}

async function plant(planted: readonly Defect[], flags: DefectsFlags, options: DetectionOptions): Promise<number> {
  const { detectAll, detectionTable } = await import("../run/detection.ts");
  const found = await detectAll(planted, options);
  options.out.write(`\n${detectionTable(found)}\n`);
  if (options.signal.aborted) throw options.signal.reason;
  const tried = found.filter(({ outOfReach }) => !outOfReach);
  if (!flags.only && !flags.profile && options.containers === undefined) await noteRate(options.reports, tried);
  if (tried.length === 0) return exit.inconclusive;
  return tried.every(({ seed }) => seed !== undefined) ? exit.holds : exit.violated;
}

async function noteRate(reports: string, tried: readonly Detection[]): Promise<void> {
  // All of them ran with the code as it is, so the last one knows the commit.
  const { commit } = await readSuite(join(reports, "latest"));
  const survived = tried.filter(({ seed }) => seed === undefined).map(({ defect }) => defect.id);
  const line: DetectionLine = {
    startedAt: new Date().toISOString(),
    commit,
    caught: tried.length - survived.length,
    planted: tried.length,
    survived,
  };
  await appendFile(join(reports, "detection.jsonl"), `${JSON.stringify(line)}\n`);
}
