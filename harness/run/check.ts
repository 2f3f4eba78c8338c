/** `runproof check DIR`: judges the saved evidence of a run again, with the checkers as they are now. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../base/errors.ts";
import { combine, type ExperimentVerdict, exitStatus } from "../core/verdict.ts";
import { listExperiments, listSituations, listThem, loadTarget } from "./catalogue.ts";
import { judge } from "./judge.ts";
import { experimentOf } from "./trials.ts";

/**
 * @param directory a run's directory, or the folder of one experiment in it
 * @returns the exit status of the verdicts
 * @throws UserError when there is nothing to judge, or a record is malformed (file and line)
 */
export async function checkRun(project: string, directory: string, out: NodeJS.WritableStream): Promise<number> {
  const known = await listExperiments(project);
  const target = await loadTarget(project, "reference");
  const situations = await listSituations(project);
  const folders = existsSync(join(directory, "experiment.json")) ? [directory] : await experimentFolders(directory);
  if (folders.length === 0)
    throw new UserError(
      `${directory} was expected to be a run's directory and holds no experiment's record (experiment.json). reports/latest is the last run.`,
    );
  const verdicts: ExperimentVerdict[] = [];
  for (const folder of folders) {
    const id = folder.split("/").pop() ?? "";
    const experiment = known.find((one) => one.id === experimentOf(id));
    if (!experiment) throw new UserError(`${folder} was recorded by the experiment "${id}", which does not exist here. ${listThem}.`);
    const verdict = await judge({ experiment, target, directory: folder, defect: "", repeat: "", situations }).catch((error) => {
      throw error instanceof UserError ? error : new UserError(`The record in ${folder} could not be read: ${messageOf(error)}`);
    });
    verdicts.push(verdict);
    out.write(`${verdict.title}\n`);
    for (const claim of verdict.claims) {
      out.write(`  ${claim.claim} ${claim.verdict}: ${claim.summary}\n`);
      for (const check of claim.checks) out.write(`    ${check.verdict.padEnd(12)} ${check.property}: ${check.summary}\n`);
    }
    const met = verdict.sometimes.filter(({ count }) => count > 0).map(({ what, count }) => `${what} (${count})`);
    if (met.length > 0) out.write(`    met: ${met.join("; ")}\n`);
    for (const check of verdict.assumptions) out.write(`    ${check.verdict.padEnd(12)} (assumption) ${check.property}: ${check.summary}\n`);
  }
  return exitStatus([combine(verdicts.flatMap((verdict) => verdict.claims.map((claim) => claim.verdict)))]);
}

async function experimentFolders(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error) => {
    throw new UserError(`${directory} was expected to be a run's directory and cannot be read: ${messageOf(error)}. reports/latest is the last run.`);
  });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name))
    .filter((folder) => existsSync(join(folder, "experiment.json")))
    .sort();
}
