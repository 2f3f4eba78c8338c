/** `runproof defects`: plants every defect in turn and sees whether the right claim turns. What no defect can turn is not evidence. */
import { appendFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { exit } from "../base/errors.ts";
import { readSuite } from "../report/read-suite.ts";
import type { DetectionLine } from "../report/trend/record.ts";
import type { Detection } from "../run/detection.ts";
import { names } from "./arguments.ts";

export interface DefectsFlags {
  readonly only?: readonly string[];
  readonly reports: string;
}

export function defectsCommand(project: string, signal: AbortSignal, finish: (status: number) => void): Command {
  return new Command("defects")
    .description("plant every defect in turn, with up to three seeds each, and print which were caught; exit status 0 when all were")
    .option("--only <ids>", "only these defects, separated by commas", names)
    .option("--reports <dir>", "where evidence and reports go", join(project, "reports"))
    .action(async (flags: DefectsFlags) => finish(await defects(project, signal, flags)));
}

/** @returns 0 when all were caught; the rate goes to `detection.jsonl` of the reports, for the trend */
export async function defects(project: string, signal: AbortSignal, flags: DefectsFlags): Promise<number> {
  const { claimRows, findDefect, listDefects, listExperiments, loadTarget } = await import("../run/catalogue.ts");
  const planted = flags.only ? await Promise.all(flags.only.map((id) => findDefect(project, id))) : await listDefects(project);
  const [experiments, claims, target] = await Promise.all([
    listExperiments(project),
    claimRows(project, "reference"),
    loadTarget(project, "reference"),
  ]);
  const { plannedEdits } = await import("../drivers/process/tree.ts");
  for (const defect of planted) await plannedEdits(join(project, target.tree), defect);
  const { provision } = await import("../provision/provision.ts");
  const providing = { signal, onProgress: (line: string): void => void process.stderr.write(`${line}\n`) };
  const provided = await provision(providing);
  const { provideCluster } = await import("../run/cluster-parts.ts");
  const meant = experiments.filter(({ id }) => planted.some(({ caughtBy }) => caughtBy.includes(id)));
  const cluster = await provideCluster(meant, "single", provided.postgres, providing);
  const parts = { ...provided, ...(cluster === undefined ? {} : { cluster }) };
  const { detectAll, detectionTable } = await import("../run/detection.ts");
  const out = process.stdout;
  const reports = resolve(flags.reports);
  const found = await detectAll(planted, { project, reports, parts, containers: undefined, target, experiments, claims, signal, out });
  out.write(`\n${detectionTable(found)}\n`);
  if (signal.aborted) throw signal.reason;
  await noteRate(reports, found);
  return found.every(({ seed }) => seed !== undefined) ? exit.holds : exit.violated;
}

async function noteRate(reports: string, found: readonly Detection[]): Promise<void> {
  // All of them ran with the code as it is, so the last one knows the commit.
  const { commit } = await readSuite(join(reports, "latest"));
  const survived = found.filter(({ seed }) => seed === undefined).map(({ defect }) => defect.id);
  const line: DetectionLine = {
    startedAt: new Date().toISOString(),
    commit,
    caught: found.length - survived.length,
    planted: found.length,
    survived,
  };
  await appendFile(join(reports, "detection.jsonl"), `${JSON.stringify(line)}\n`);
}
