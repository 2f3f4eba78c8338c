/** What all checkers share: how times are told, how far a bound may be missed, and the answers that are neither "holds" nor "violated". */
import { type Check, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { busyAbout, leastLookMs, unlessExcused } from "./saturation.ts";
import { worstLagMs } from "./stalls.ts";

/** A timer that lags by more than this share of a bound excuses a miss of it. */
const excusedShare = 0.2;

/** A time in prose: seconds since the experiment began. */
export function at(ms: number): string {
  return Number.isFinite(ms) ? `${(ms / 1000).toFixed(3)} s` : "the end";
}

/** A duration in prose. */
export function ms(duration: number): string {
  return `${Math.round(duration)} ms`;
}

/**
 * A time bound missed by no more than this stays unviolated (SEMANTICS, "History and time"). With the bound, no more than a fifth of it: beyond that the lag is looked for where
 * the miss is (`concludeBound`), as the longest of the whole run may have been at another time.
 */
export function toleranceMs(evidence: Pick<Evidence, "deltaMs" | "lagMs">, boundMs = Number.POSITIVE_INFINITY): number {
  return Math.max(evidence.deltaMs, Math.min(evidence.lagMs, excusedShare * boundMs));
}

/** Counterexamples in the order of time, as `conclude` wants them. */
export function inTime(found: readonly Counterexample[]): Counterexample[] {
  return [...found].sort((a, b) => a.time - b.time);
}

/**
 * Like `conclude`, for a bound in time: a miss decides nothing where a timer of the harness or of an instance lagged by more than 20 % of the bound about then, or
 * the machine's processors had no time left (SEMANTICS, "History and time"). One that lies elsewhere stands.
 */
export function concludeBound(evidence: Pick<Evidence, "lagMs" | "samples" | "faults">, boundMs: number, check: Check): Check {
  return unlessExcused(check, (time, until) => lagged(evidence, boundMs, time, until) ?? busyAbout(evidence.samples, boundMs, time, until));
}

/** In words, that a timer was late by more than 20 % of a bound about the time from `time` to `until`; where nobody measured lags then, the worst of the whole run counts. */
function lagged(
  { lagMs, samples, faults }: Pick<Evidence, "lagMs" | "samples" | "faults">,
  boundMs: number,
  time: number,
  until: number,
): string | undefined {
  if (lagMs <= excusedShare * boundMs) return undefined;
  const around = 2 * Math.max(boundMs, leastLookMs);
  const lag = worstLagMs(samples, faults, time - around, until + around) ?? lagMs;
  return lag <= excusedShare * boundMs
    ? undefined
    : `a timer of the harness or of an instance lagged by ${ms(lag)}, over 20 % of the bound of ${ms(boundMs)}`;
}

/** What was found only where a process may have had no processor accuses nobody, and leaves open what else would have held. */
export function withDoubts(check: Check, doubtful: readonly Counterexample[]): Check {
  const [first] = doubtful;
  if (first === undefined || check.verdict !== "holds") return check;
  const why = `A process may have had no processor for so long, so ${doubtful.length === 1 ? "this decides" : `these ${doubtful.length} decide`} nothing: `;
  return { ...check, verdict: "inconclusive", summary: why + first.text, count: doubtful.length, counterexamples: [first] };
}

/** A check of the experiment itself: whatever speaks against it makes the run inconclusive and never accuses the target. */
export function assume(...of: Parameters<typeof conclude>): Check {
  const check = conclude(...of);
  return check.verdict === "violated" ? { ...check, verdict: "inconclusive" } : check;
}

/** The target does not declare the constant from which the bound would derive. */
export function outOfReach(property: string, constant: string): Check {
  const summary = `The target declares no ${constant}, so there is no bound to judge by.`;
  return { property, verdict: "out of reach", summary, examined: 0, count: 0, counterexamples: [], numbers: {} };
}
