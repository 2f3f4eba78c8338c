/** HA-1, HA-18: when the active instance of a role is gone, another one acts in its place in time, and clients are led to it. */
import { type Check, type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { actsOf, roleOf } from "./acts.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";

/** Names of faults that strike the active instance of a role which has work all the time. */
interface Struck {
  readonly faults: readonly string[];
}

/** Another instance has written within what the target declares, as the database accepted it. */
export function takenOver({ faults }: Struck): Checker {
  return (evidence) => {
    const property = "another one takes over in time";
    const { takeoverMs } = evidence.constants;
    if (takeoverMs === undefined) return outOfReach(property, "takeoverMs");
    return successions(evidence, { property, faults, withinMs: takeoverMs, seen: actsOf(evidence).flat(), did: "wrote" });
  };
}

/** Another instance has acknowledged an `f` to a client within that, and what a balancer takes until it tries another one (`balancerMs`). */
export function trafficLed({ faults, f, balancerMs }: Struck & { readonly f: string; readonly balancerMs: number }): Checker {
  return (evidence) => {
    const property = "clients are led to the new active one in time";
    const { takeoverMs } = evidence.constants;
    if (takeoverMs === undefined) return outOfReach(property, "takeoverMs");
    const seen = evidence.operations
      .filter((operation) => operation.f === f && operation.outcome === "ok")
      .map(({ by, completedAt }) => ({ by, time: completedAt }));
    return successions(evidence, { property, faults, withinMs: takeoverMs + balancerMs, seen, did: `acknowledged a ${f}` });
  };
}

interface Wanted extends Struck {
  readonly property: string;
  readonly withinMs: number;
  /** Signs of life of instances. */
  readonly seen: readonly { readonly by: string; readonly time: number }[];
  readonly did: string;
}

function successions(evidence: Evidence, { property, faults, withinMs, seen, did }: Wanted): Check {
  const tolerance = toleranceMs(evidence, withinMs);
  const roles = new Set(seen.map(({ by }) => roleOf(by)));
  // Where the load ended before, nobody had anything to do.
  const until = Math.min(loadEndsAt(evidence.operations), evidence.endsAt) - withinMs - tolerance;
  const strikes = faults
    .flatMap((fault) => seenBiting(evidence.faults, fault))
    .filter(({ on, requestedAt }) => roles.has(roleOf(on)) && requestedAt < until);
  const found: Counterexample[] = [];
  const took: number[] = [];
  for (const { id, on, requestedAt } of strikes) {
    const next = seen.reduce((first, { by, time }) => {
      return by !== on && roleOf(by) === roleOf(on) && time >= requestedAt ? Math.min(first, time) : first;
    }, Number.POSITIVE_INFINITY);
    const afterMs = next - requestedAt;
    if (Number.isFinite(afterMs)) took.push(afterMs);
    if (afterMs <= withinMs + tolerance) continue;
    const what = Number.isFinite(afterMs) ? `another one ${did} only ${ms(afterMs)} later` : `no other one ${did} any more`;
    found.push({ time: requestedAt, text: `${on} was gone from ${at(requestedAt)} on (${id}), and ${what}; ${ms(withinMs)} are allowed.` });
  }
  const slowestMs = Math.max(0, ...took);
  const text = {
    holds: `${strikes.length} times the active one was gone, and another one ${did} within ${ms(slowestMs)}; ${ms(withinMs)} are allowed.`,
    nothing: "No active instance was seen gone while there was work.",
  };
  return concludeBound(evidence, withinMs, conclude(property, strikes.length, inTime(found), text, { takeovers: took.length, slowestMs }));
}
