/** What a run carries out: each experiment once, and those of safety with several seeds where a profile asks for it. */
import type { Choice, Experiment } from "../core/experiment.ts";
import { seeded } from "../core/random.ts";

export interface Trial {
  /** Its id is its folder in the report: from the second seed on `pause-a-lock-holder.2`. */
  readonly experiment: Experiment;
  /** The experiment's own id, by which the command that repeats the trial names it. */
  readonly of: string;
  readonly seed: number;
}

/** Chance decides what a fault meets: a defect that one timeline misses is met by another (three, as the defects are tried with). */
const timesOfSafety: Partial<Record<Choice, number>> = { nightly: 3, weekly: 5 };

/** Everything once with the run's own seed, in the order given, then the further seeds: an interrupted run has tried as much as it can. */
export function trialsOf(experiments: readonly Experiment[], profile: Choice, seed: number): readonly Trial[] {
  const seeds = seeded(seed, "trials");
  const rounds = Array.from({ length: timesOfSafety[profile] ?? 1 }, (_, i) => ({ n: i + 1, seed: i === 0 ? seed : seeds.integer(0, 0xffffffff) }));
  const again = experiments.filter(({ safety }) => safety === true || safety === profile);
  return rounds.flatMap((round) => (round.n === 1 ? experiments : again).map((experiment) => trialOf(experiment, round)));
}

function trialOf(experiment: Experiment, { n, seed }: { readonly n: number; readonly seed: number }): Trial {
  const { id, schedule } = experiment;
  if (n === 1) return { experiment, of: id, seed };
  // The timeline is that of the experiment's own id, or the seed alone would not repeat it.
  return { experiment: { ...experiment, id: `${id}.${n}`, schedule: (_, topology) => schedule(seeded(seed, id), topology) }, of: id, seed };
}

/** The experiment that a trial's folder belongs to. */
export const experimentOf = (trial: string): string => trial.replace(/\.\d+$/, "");
