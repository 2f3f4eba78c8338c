/**
 * What of an experiment can be made smaller while a violation stays: its faults, how long they bite, how far apart they lie, its load. Delta debugging (Zeller and
 * Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002), with few and bold steps, because each candidate costs a whole experiment.
 */
import type { Experiment, ScheduledFault } from "./experiment.ts";

export interface Plan {
  readonly schedule: readonly ScheduledFault[];
  /** Operations started per second. */
  readonly perSecond: number;
}

/** Below these nothing is made smaller: a fault has to be seen to bite, and a load to be at work. */
const shortestMs = 500;
const leastPerSecond = 10;

/** One way to make a plan smaller: candidates, the boldest first. */
type Step = (plan: Plan) => readonly Plan[];

/** In the order in which they are tried; what is refused in one is not tried again in a later one. */
const steps: readonly Step[] = [
  // Without any fault: most of what was found in real servers needs none.
  ({ schedule, ...plan }) => (schedule.length > 1 ? [{ ...plan, schedule: [] }] : []),
  fewerFaults,
  shorterFaults,
  closerFaults,
  ({ perSecond, ...plan }) => (perSecond / 2 >= leastPerSecond ? [{ ...plan, perSecond: Math.round(perSecond / 2) }] : []),
];

function fewerFaults({ schedule, ...plan }: Plan): readonly Plan[] {
  const half = Math.ceil(schedule.length / 2);
  const halves = schedule.length > 2 ? [schedule.slice(0, half), schedule.slice(half)] : [];
  return [...halves, ...schedule.map((left) => schedule.filter((fault) => fault !== left))].map((kept) => ({ ...plan, schedule: kept }));
}

function shorterFaults({ schedule, ...plan }: Plan): readonly Plan[] {
  const shorter = schedule.map((fault) => ({ ...fault, forMs: fault.forMs / 2 >= shortestMs ? Math.round(fault.forMs / 2) : fault.forMs }));
  return shorter.some(({ forMs }, i) => forMs !== schedule[i]?.forMs) ? [{ ...plan, schedule: shorter }] : [];
}

/** Half the time before each fault; what overlaps goes on doing so. */
function closerFaults({ schedule, ...plan }: Plan): readonly Plan[] {
  const closer = schedule.map((fault) => ({ ...fault, atMs: Math.round(fault.atMs / 2) }));
  const latest = Math.max(0, ...schedule.map(({ atMs }) => atMs));
  return latest / 2 >= shortestMs ? [{ ...plan, schedule: closer }] : [];
}

/**
 * The smallest plan found.
 * @param violates carries a candidate out; a violation that did not come with it was perhaps only not met, so the result is small, and not proven to be the smallest
 * @param goesOn asked before each candidate: false when the budget is spent
 */
export async function minimise(
  plan: Plan,
  violates: (candidate: Plan) => Promise<boolean>,
  goesOn: () => boolean,
): Promise<{ readonly plan: Plan; readonly tried: number; readonly complete: boolean }> {
  let kept = plan;
  let tried = 0;
  // Two ways may lead to one plan.
  const refused = new Set<string>();
  for (const step of steps) {
    for (let candidates = step(kept); candidates[0]; ) {
      const [candidate, ...rest] = candidates;
      if (refused.has(JSON.stringify(candidate))) {
        candidates = rest;
        continue;
      }
      if (!goesOn()) return { plan: kept, tried, complete: false };
      tried++;
      if (await violates(candidate)) {
        kept = candidate;
        candidates = step(kept);
      } else {
        refused.add(JSON.stringify(candidate));
        candidates = rest;
      }
    }
  }
  return { plan: kept, tried, complete: true };
}

/** The experiment, carried out by this plan. */
export function planned(experiment: Experiment, { schedule, perSecond }: Plan): Experiment {
  return { ...experiment, schedule: () => schedule, load: { ...experiment.load, perSecond } };
}
