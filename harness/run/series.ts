/** The series of all runs on this machine (`reports/series.jsonl`): how often an experiment has held with the code as it is now. */
import { createHash } from "node:crypto";
import { appendFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { exit } from "../base/errors.ts";
import { readAll } from "../base/journal.ts";
import type { Experiment } from "../core/experiment.ts";
import type { Target } from "../core/target.ts";
import { combine, type SuiteVerdict, type Verdict } from "../core/verdict.ts";

interface SeriesLine {
  readonly startedAt: string;
  readonly commit: string;
  readonly seed: number;
  readonly defect: string;
  readonly exit: number;
  readonly durationMs: number;
  readonly experiments: Readonly<Record<string, { readonly code: string; readonly verdict: Verdict }>>;
}

/** What every experiment runs on. Reports and provisioning decide nothing. */
const machinery = ["harness/base", "harness/checkers", "harness/core", "harness/drivers", "harness/faults", "harness/run", "scenarios/lib"];

/** A digest of the code an experiment depends on: a change of it begins the experiment's count anew, and no other's. */
async function codeOf(project: string, target: Target, experiment: Experiment): Promise<string> {
  const folders = [...machinery, target.tree, join("chaos/targets", target.id)];
  const files = (await Promise.all(folders.map((folder) => filesBelow(join(project, folder))))).flat();
  files.push(join(project, `chaos/experiments/${experiment.id}.ts`), join(project, `scenarios/${experiment.load.scenario}.ts`));
  const hash = createHash("sha256");
  for (const file of files.sort()) hash.update(await readFile(file));
  return hash.digest("hex").slice(0, 12);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts")).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Appends the run to the series.
 * An interrupted run says nothing and is left out.
 * @returns for each experiment of the run, how many of its runs with this code and without a planted defect held, and of how many
 */
export async function addToSeries(options: {
  readonly reports: string;
  readonly project: string;
  readonly target: Target;
  readonly experiments: readonly Experiment[];
  readonly verdict: SuiteVerdict;
}): Promise<readonly { readonly experiment: string; readonly held: number; readonly of: number }[]> {
  const { verdict, target } = options;
  const path = join(options.reports, "series.jsonl");
  if (verdict.exit === exit.interrupted) return [];
  const tried = options.experiments.filter((experiment) => verdict.experiments.some((one) => one.experiment === experiment.id));
  const experiments: Record<string, { code: string; verdict: Verdict }> = {};
  for (const experiment of tried) {
    const claims = verdict.experiments.find((one) => one.experiment === experiment.id)?.claims ?? [];
    experiments[experiment.id] = { code: await codeOf(options.project, target, experiment), verdict: combine(claims.map((claim) => claim.verdict)) };
  }
  const { startedAt, commit, seed, defect } = verdict;
  const line: SeriesLine = { startedAt, commit, seed, defect, exit: verdict.exit, durationMs: Math.round(verdict.durationMs), experiments };
  await appendFile(path, `${JSON.stringify(line)}\n`);
  const all = await readAll<SeriesLine>(path);
  return Object.entries(experiments).map(([experiment, { code }]) => {
    const same = all.flatMap((one) => (one.defect === "" && one.experiments[experiment]?.code === code ? [one.experiments[experiment]] : []));
    return { experiment, held: same.filter((one) => one.verdict === "holds").length, of: same.length };
  });
}
