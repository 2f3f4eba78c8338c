/**
 * The search for the highest rate at which a deployment keeps its objectives, as a pure function of the windows measured so far: what to offer next, or why the
 * search is over. It climbs until a window misses, bisects, and then has both ends of the interval confirmed, because one window on a noisy machine proves little.
 */

/** `void`: the window says nothing of the deployment, because the generator did not do what it was told. */
export type Outcome = "met" | "missed" | "void";

/** One window that has been measured. */
export interface Tried {
  readonly perSecond: number;
  readonly outcome: Outcome;
}

export interface SearchOptions {
  /** The first rate. It is best well below what can be carried: the first window also warms everything up. */
  readonly fromPerSecond: number;
  /** No rate above this is offered. */
  readonly toPerSecond: number;
  /** How much faster the next rate of the climb is: 1.6. */
  readonly climb: number;
  /** The interval is narrow enough when its upper end is at most this much above its lower one: 0.05. */
  readonly precision: number;
  /** An end of the interval counts once `need` of at most `of` windows at its rate agree. */
  readonly confirm: { readonly need: number; readonly of: number };
  /** Most windows that are measured. */
  readonly windows: number;
}

/** An end of the interval with the windows at its rate. */
export interface End {
  readonly perSecond: number;
  readonly met: number;
  readonly missed: number;
  /** Enough of its windows agree. */
  readonly confirmed: boolean;
}

type Why = "climb" | "descend" | "bisect" | "confirm";

export type Step =
  | { readonly kind: "offer"; readonly perSecond: number; readonly why: Why }
  | { readonly kind: "done"; readonly stop: Stop; readonly low: End | null; readonly high: End | null };

/** Why a search is over: the interval is found; the highest or the lowest rate is reached; the generator cannot go on; the windows are used up. */
export type Stop = "found" | "highest rate met" | "lowest rate missed" | "generator" | "windows used up";

/** Below this no rate is tried: something else is wrong (per second). */
const lowestPerSecond = 0.01;
/** So many void windows at one rate, and none that counts, are no coincidence. */
const voidsBorne = 3;

/** A rate as it is offered and told: three significant digits, so that rates of different ways of getting there are the same. */
function rounded(perSecond: number): number {
  return Number(perSecond.toPrecision(3));
}

/** What to do next after the windows so far, in their order. */
export function nextStep(tried: readonly Tried[], options: SearchOptions): Step {
  const ends = endsOf(tried, options);
  const fails = (end: End): boolean => end.missed > 0 && (end.missed >= end.met || !couldMeet(end, options));
  // Failing at one rate and meeting at a higher one is noise: the lowest failing rate bounds the rest from above until more windows say otherwise.
  const high = ends.find(fails) ?? null;
  const low = ends.findLast((end) => !fails(end) && end.met > 0 && (high === null || end.perSecond < high.perSecond)) ?? null;
  const done = (stop: Stop): Step => ({ kind: "done", stop, low, high });
  const offer = (perSecond: number, why: Why): Step => {
    if (voidsAt(tried, perSecond) >= voidsBorne) return done("generator");
    return tried.length >= options.windows ? done("windows used up") : { kind: "offer", perSecond, why };
  };

  // Windows of one rate that disagree are settled before anything is built on them.
  const contested = [low, high].find((end) => end !== null && !end.confirmed && end.met > 0 && end.missed > 0);
  if (contested) return offer(contested.perSecond, "confirm");
  if (low === null && high === null) return offer(rounded(Math.min(options.fromPerSecond, options.toPerSecond)), "climb");
  if (low === null) {
    const below = rounded((high as End).perSecond / options.climb);
    return below < lowestPerSecond ? done("lowest rate missed") : offer(below, "descend");
  }
  if (high === null) {
    if (low.perSecond < options.toPerSecond) return offer(Math.min(rounded(low.perSecond * options.climb), options.toPerSecond), "climb");
    return low.confirmed ? done("highest rate met") : offer(low.perSecond, "confirm");
  }
  const between = rounded(Math.sqrt(low.perSecond * high.perSecond));
  const wide = high.perSecond > low.perSecond * (1 + options.precision);
  if (wide && between > low.perSecond && between < high.perSecond) return offer(between, "bisect");
  // The lower end first: it is the number that is promised.
  const unconfirmed = [low, high].find((end) => !end.confirmed);
  return unconfirmed ? offer(unconfirmed.perSecond, "confirm") : done("found");
}

/** Every rate that has a window that counts, in increasing order. */
function endsOf(tried: readonly Tried[], { confirm }: SearchOptions): readonly End[] {
  const counts = new Map<number, { met: number; missed: number }>();
  for (const { perSecond, outcome } of tried) {
    if (outcome === "void") continue;
    const at = counts.get(perSecond) ?? { met: 0, missed: 0 };
    at[outcome] += 1;
    counts.set(perSecond, at);
  }
  return [...counts]
    .map(([perSecond, { met, missed }]) => ({ perSecond, met, missed, confirmed: met >= confirm.need || missed > confirm.of - confirm.need }))
    .sort((a, b) => a.perSecond - b.perSecond);
}

/** Whether so few of its windows have missed that `need` of `of` can still be met. */
function couldMeet({ missed }: End, { confirm }: SearchOptions): boolean {
  return missed <= confirm.of - confirm.need;
}

/** Void windows at a rate since the last one that counted. */
function voidsAt(tried: readonly Tried[], perSecond: number): number {
  const there = tried.filter((one) => one.perSecond === perSecond);
  return there.length - 1 - there.findLastIndex(({ outcome }) => outcome !== "void");
}
