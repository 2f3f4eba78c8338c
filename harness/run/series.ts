/** The series of all runs on this machine (`reports/series.jsonl`): how often an experiment has held with the code as it is now. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { exit } from "../base/errors.ts";
import { readAll } from "../base/journal.ts";
import type { Target } from "../core/target.ts";
import { combine, type SuiteVerdict, type Verdict } from "../core/verdict.ts";
import { listExperiments } from "./catalogue.ts";
import { codesOf } from "./code-digest.ts";
import { experimentOf } from "./trials.ts";

interface SeriesLine {
  readonly startedAt: string;
  readonly commit: string;
  readonly seed: number;
  readonly defect: string;
  readonly exit: number;
  readonly durationMs: number;
  readonly experiments: Readonly<Record<string, Tried>>;
}

interface Tried {
  readonly code: string;
  readonly verdict: Verdict;
  /** Ids of the situations that were met; absent in lines of earlier versions. */
  readonly met?: readonly string[];
}

export interface SoFar {
  /** For each experiment of the run: how many of its runs held, and of how many. */
  readonly held: readonly { readonly experiment: string; readonly held: number; readonly of: number }[];
  /** Ids of situations that no run of any experiment has met. */
  readonly neverMet: readonly string[];
}

/**
 * Appends the run to the series.
 * An interrupted run says nothing and is left out.
 * @returns what all runs with the code as it is now, and without a planted defect, come to
 */
export async function addToSeries(options: {
  readonly reports: string;
  readonly project: string;
  readonly target: Target;
  readonly verdict: SuiteVerdict;
}): Promise<SoFar> {
  const { verdict, target } = options;
  const path = join(options.reports, "series.jsonl");
  if (verdict.exit === exit.interrupted) return { held: [], neverMet: [] };
  const codes = await codesOf(options.project, target, await listExperiments(options.project));
  const experiments: Record<string, Tried> = {};
  for (const { experiment, claims, sometimes } of verdict.experiments) {
    const met = sometimes.filter(({ count }) => count > 0).map(({ id }) => id);
    experiments[experiment] = { code: codes.get(experimentOf(experiment)) ?? "", verdict: combine(claims.map((claim) => claim.verdict)), met };
  }
  const { startedAt, commit, seed, defect } = verdict;
  const line: SeriesLine = { startedAt, commit, seed, defect, exit: verdict.exit, durationMs: Math.round(verdict.durationMs), experiments };
  await appendFile(path, `${JSON.stringify(line)}\n`);
  const same = (await readAll<SeriesLine>(path))
    .filter((one) => one.defect === "")
    .flatMap((one) => Object.entries(one.experiments).map(([trial, tried]) => ({ experiment: experimentOf(trial), ...tried })))
    .filter(({ experiment, code }) => code === codes.get(experiment));
  const met = new Set(same.flatMap((one) => one.met ?? []));
  return {
    held: [...new Set(Object.keys(experiments).map(experimentOf))].map((experiment) => {
      const own = same.filter((one) => one.experiment === experiment);
      return { experiment, held: own.filter((one) => one.verdict === "holds").length, of: own.length };
    }),
    neverMet: verdict.sometimes.map(({ id }) => id).filter((id) => !met.has(id)),
  };
}

/** What all runs come to, in lines; "" for an interrupted run. */
export function soFarText({ held, neverMet }: SoFar): string {
  const counts = held.map(({ experiment, held: times, of }) => `${experiment} ${times} of ${of}`).join(", ");
  const never = neverMet.length > 0 ? `never met so far, with this code: ${neverMet.join(", ")}\n` : "";
  return held.length === 0 ? "" : `held so far, with this code: ${counts}\n${never}`;
}
