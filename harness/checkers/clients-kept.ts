/** AB-29: clients of Redis keep their connections, or make them anew, although idle ones are closed. */
import { median } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { injectionsOf, seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";
import { unlessSaturated } from "./saturation.ts";

/** So long before and after, by Redis's own count (ms). A new connection is there by then. */
const windowMs = 5000;
const settleMs = 1000;
const readings = 5;

/** As many clients are connected after `fault` as before it: the median of Redis's count in the five seconds before, and in those after it was healed and settled. */
export function redisClientsKept(fault: string): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    let examined = 0;
    let fewest = Number.POSITIVE_INFINITY;
    const counts = (from: number, to: number): number[] =>
      evidence.samples.flatMap(({ source, time, values }) =>
        source === "redis" && time >= from && time <= to && values.connectedClients !== undefined ? [values.connectedClients] : [],
      );
    const all = injectionsOf(evidence.faults);
    for (const { id, requestedAt, healedAt } of seenBiting(evidence.faults, fault)) {
      const [from, to] = [requestedAt - windowMs, healedAt + settleMs + windowMs];
      // Another fault may have ended clients.
      if (all.some((other) => other.id !== id && other.requestedAt <= to && other.healedAt >= from)) continue;
      const before = counts(from, requestedAt);
      const after = counts(healedAt + settleMs, to);
      if (before.length < readings || after.length < readings) continue;
      examined++;
      fewest = Math.min(fewest, median(after));
      if (median(after) >= median(before)) continue;
      found.push({
        time: healedAt + settleMs,
        text: `Redis had ${median(before)} clients before ${id} and ${median(after)} in the ${windowMs / 1000} s from ${at(healedAt + settleMs)} on.`,
      });
    }
    const text = {
      holds: `After ${examined} times in which Redis closed idle connections it had as many clients as before, ${fewest}.`,
      nothing: "Redis's clients were not counted before and after its idle connections were closed.",
    };
    return unlessSaturated(evidence, windowMs, conclude("clients of Redis come back", examined, inTime(found), text, { examined }));
  };
}
