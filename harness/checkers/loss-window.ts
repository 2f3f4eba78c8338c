/** HA-3: with asynchronous replication, what was acknowledged while nothing was replicated is lost with the primary; how much, and nothing else, is measured. */
import type { Operation } from "../core/history.ts";
import { type Check, type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime, ms, toleranceMs } from "./judge.ts";
import { acknowledgedRuns, trailOf } from "./trail.ts";

export interface LossOptions {
  /** The fault that cuts the replication, and the one that kills the primary after it. */
  readonly cut: string;
  readonly kill: string;
}

/**
 * Acknowledged creates that the new primary does not have: each may have been committed between the cut and the kill. One that was acknowledged before the one or asked for after
 * the other violates: the cut waits until everything that was committed before it is confirmed. When nothing was lost, there was no window to be measured.
 */
export function lossWindow({ cut, kill }: LossOptions): Checker {
  return (evidence) => {
    const property = "only what was not replicated is lost";
    const tolerance = toleranceMs(evidence);
    const trail = trailOf(evidence.transitions);
    const kills = seenBiting(evidence.faults, kill);
    const windows = seenBiting(evidence.faults, cut).flatMap(({ requestedAt, bitingAt }) => {
      const end = kills.find((one) => one.requestedAt > requestedAt);
      return end ? [{ from: requestedAt - tolerance, to: end.bitingAt + tolerance, cutMs: end.requestedAt - bitingAt }] : [];
    });
    const acknowledged = trail.size === 0 ? [] : [...acknowledgedRuns(evidence.operations)];
    const lost = acknowledged.filter(([run, { completedAt }]) => !trail.has(run) && completedAt + tolerance <= evidence.endsAt);
    /** Committed at some moment between its request and its acknowledgement. */
    const inside = ({ invokedAt, completedAt }: Operation) => windows.some(({ from, to }) => completedAt >= from && invokedAt <= to);
    const found: Counterexample[] = lost
      .filter(([, create]) => !inside(create))
      .map(([run, { completedAt, index, process }]) => ({
        time: completedAt,
        text: `run ${run} was acknowledged to ${process} at ${at(completedAt)}, when nothing kept it from being replicated, and the new primary never had it (operation ${index}).`,
      }));
    const times = lost.map(([, { completedAt }]) => completedAt);
    const windowMs = times.length > 0 ? Math.max(...times) - Math.min(...times) : 0;
    const within = acknowledged.filter(([, create]) => inside(create)).length;
    const cutMs = Math.max(0, ...windows.map((one) => one.cutMs));
    const text = {
      holds: `${lost.length} acknowledged writes were lost, of ${within} in the time for which nothing was replicated and ${acknowledged.length} in all; they were acknowledged within ${ms(windowMs)}, and the link had been cut for ${ms(cutMs)}.`,
      nothing: "No primary was killed while its replication was cut, or no run was acknowledged.",
    };
    const numbers = { lostWrites: lost.length, lossWindowMs: windowMs, cutMs, acknowledgedWhileCut: within, acknowledgedRuns: acknowledged.length };
    const check: Check = conclude(property, windows.length === 0 ? 0 : acknowledged.length, inTime(found), text, numbers);
    if (check.verdict !== "holds" || lost.length > 0) return check;
    const summary = `Nothing was lost, though ${within} writes were acknowledged while nothing was replicated before the primary was killed: there was no window to measure.`;
    return { ...check, verdict: "inconclusive", summary };
  };
}
