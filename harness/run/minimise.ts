/** A violated run made smaller: fewer faults, shorter and closer together, less load, as long as the same claim stays violated. */
import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { minimise, type Plan, planned } from "../core/plan.ts";
import { seeded } from "../core/random.ts";
import type { SuiteVerdict } from "../core/verdict.ts";
import { writePlan } from "./plan-file.ts";
import { repeatCommand, runSuite, type SuiteOptions } from "./suite.ts";
import { trialsOf } from "./trials.ts";

/** So often a candidate is carried out: once may be luck, and more is better spent on other candidates. */
const attempts = 2;

/**
 * Takes the first violated experiment of a run. Candidates are runs of their own below `directory`/smaller, where the smallest so far is plan.json.
 * @param forMs no candidate is begun later than this
 * @returns what was found, in a sentence, with the one command that repeats it
 */
export async function minimiseRun(
  options: SuiteOptions,
  run: { readonly directory: string; readonly verdict: SuiteVerdict },
  forMs: number,
): Promise<string> {
  const { signal, out, target } = options;
  const violated = run.verdict.experiments.find(({ claims }) => claims.some(({ verdict }) => verdict === "violated"));
  const trial = trialsOf(options.experiments, options.profile, options.seed).find(({ experiment }) => experiment.id === violated?.experiment);
  if (!violated || !trial) return "No claim was violated, so there is nothing to make smaller.";
  const claims = violated.claims.filter(({ verdict }) => verdict === "violated").map(({ claim }) => claim);
  const whole = options.experiments.find(({ id }) => id === trial.of) ?? trial.experiment;
  const began = performance.now();
  const reports = join(run.directory, "smaller");
  await mkdir(reports, { recursive: true });
  const file = join(reports, "plan.json");

  const violates = async (plan: Plan): Promise<boolean> => {
    for (let attempt = 1; attempt <= attempts && !signal.aborted; attempt++) {
      out.write(`\nsmaller? ${told(plan)}\n`);
      const { verdict } = await runSuite({
        ...options,
        reports,
        profile: "default",
        seed: trial.seed,
        plan: file,
        experiments: [planned(whole, plan)],
      });
      if (!verdict.claims.some(({ id, verdict: how }) => claims.includes(id) && how === "violated")) continue;
      await writePlan(file, { experiment: trial.of, seed: trial.seed, ...plan });
      return true;
    }
    return false;
  };
  const topology = whole.topology ?? { ...target.topology, ...options.topology };
  const plan = { schedule: whole.schedule(seeded(trial.seed, trial.of), topology), perSecond: whole.load.perSecond };
  await writePlan(file, { experiment: trial.of, seed: trial.seed, ...plan });
  const found = await minimise(plan, violates, () => !signal.aborted && performance.now() - began < forMs);

  const ended = found.complete ? "nothing smaller was found" : signal.aborted ? "it was interrupted" : "the time was over";
  const command = repeatCommand(trial, { ...options, plan: relative(process.cwd(), file) });
  return `${claims.join(", ")} of ${trial.of}: ${told(plan)} became ${told(found.plan)} after ${found.tried} smaller plans (${ended}). Repeat it: ${command}`;
}

function told({ schedule, perSecond }: Plan): string {
  const faults = schedule.map(({ fault, on, atMs, forMs }) => `${fault} ${on} at ${atMs} ms for ${forMs} ms`);
  return `${faults.length === 0 ? "no fault" : faults.join(", ")}, ${perSecond}/s`;
}
