/** The profile `random`: the same experiments round after round, each with a seed of its own, until a claim is violated, the time is over, or somebody stops it. */
import { exit } from "../base/errors.ts";
import { seeded } from "../core/random.ts";
import { finishRun } from "./finish.ts";
import { addToSeries, soFarText } from "./series.ts";
import { runSuite, type SuiteOptions } from "./suite.ts";

/**
 * Each round is a run with its own directory, so that its evidence is judged and its seed is repeated like any other's. One that held is noted in the series, any
 * other has its report drawn as well.
 * @param forMs no round begins later than this; Infinity: until a violation or an interruption
 * @returns the exit status: of the violated round, else inconclusive when a round was
 */
export async function runRounds(options: SuiteOptions, forMs: number): Promise<number> {
  const { signal, out } = options;
  const began = performance.now();
  const seeds = seeded(options.seed, "rounds");
  const counts = { held: 0, inconclusive: 0, violated: 0 };
  let worst: number = exit.holds;
  let soFar = "";
  for (
    let seed = options.seed;
    !signal.aborted && worst !== exit.violated && performance.now() - began < forMs;
    seed = seeds.integer(0, 0xffffffff)
  ) {
    const { verdict, directory } = await runSuite({ ...options, seed });
    const told = { ...options, verdict, directory };
    if (verdict.exit === exit.holds) {
      counts.held++;
      soFar = soFarText(await addToSeries(told));
      continue;
    }
    await finishRun(told);
    if (verdict.exit === exit.violated) counts.violated++;
    else if (verdict.exit === exit.inconclusive) counts.inconclusive++;
    else break;
    worst = verdict.exit === exit.violated ? exit.violated : exit.inconclusive;
  }
  const minutes = ((performance.now() - began) / 60_000).toFixed(0);
  out.write(`\n${minutes} min of random rounds: ${counts.held} held, ${counts.inconclusive} inconclusive, ${counts.violated} violated.\n${soFar}`);
  return worst;
}
