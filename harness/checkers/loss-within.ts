/** HA-15: with asynchronous replication over a long way, what was on its way when the primary died is lost, and nothing older. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";
import { acknowledgedRuns, trailOf } from "./trail.ts";

export interface LossWithinOptions {
  /** The fault that kills the primary. */
  readonly kill: string;
  /** The longest time before it for which an acknowledged write may be lost: the way's delay and what a standby is behind anyway (ms). */
  readonly withinMs: number;
}

/** Acknowledged creates that the new primary does not have. One that was acknowledged longer before any kill, or asked for after it, violates. */
export function lossWithin({ kill, withinMs }: LossWithinOptions): Checker {
  return (evidence) => {
    const tolerance = toleranceMs(evidence);
    const trail = trailOf(evidence.transitions);
    const kills = seenBiting(evidence.faults, kill);
    const acknowledged = trail.size === 0 ? [] : [...acknowledgedRuns(evidence.operations)];
    const lost = acknowledged.filter(([run, { completedAt }]) => !trail.has(run) && completedAt + tolerance <= evidence.endsAt);
    const ages: number[] = [];
    const found: Counterexample[] = [];
    for (const [run, { invokedAt, completedAt, process, index }] of lost) {
      // The first that can have taken it: it was asked for before that.
      const killed = kills.find((one) => invokedAt <= one.bitingAt + tolerance);
      const ageMs = killed ? Math.max(0, killed.requestedAt - completedAt) : Number.POSITIVE_INFINITY;
      ages.push(ageMs);
      if (ageMs <= withinMs + toleranceMs(evidence, withinMs)) continue;
      const when = killed ? `${ms(ageMs)} before ${killed.id}` : "after the last primary was killed";
      const text = `run ${run} was acknowledged to ${process} at ${at(completedAt)}, ${when}, and the new primary never had it (operation ${index}); only what was acknowledged within ${ms(withinMs)} may be lost.`;
      found.push({ time: completedAt, text });
    }
    const worstMs = Math.max(0, ...ages);
    const text = {
      holds: `${lost.length} of ${acknowledged.length} acknowledged writes were lost with ${kills.length} primaries, the oldest acknowledged ${ms(worstMs)} before; ${ms(withinMs)} are allowed.`,
      nothing: "No primary was killed, or no run was acknowledged.",
    };
    const numbers = {
      lostWrites: lost.length,
      acknowledgedRuns: acknowledged.length,
      ...(Number.isFinite(worstMs) ? { oldestLostMs: worstMs } : {}),
    };
    const examined = kills.length === 0 ? 0 : acknowledged.length;
    return concludeBound(evidence, withinMs, conclude("only what was on its way is lost", examined, inTime(found), text, numbers));
  };
}
