/** HS-16: one trace leads through every role that had a part in a request, by the spans that instances sent to the harness (`follow-requests`). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at } from "./judge.ts";
import { busyFor, unlessExcused } from "./saturation.ts";

/** Spans are waited for so long, and those that have not come by the bite did not come (ms): in batches they come late on processors without time left for all of that. */
const waitedMs = 25_000;

/**
 * Every request that was sent through the balancer with a trace of its own, and answered, has spans of all `roles` in that trace. Where no span came of any request
 * from one of the roles, the trace was dropped there. Where the collector, which was there for everybody (`reachable`), has no span of any trace at all, nobody sends any.
 */
export function tracesAreWhole({ roles }: { readonly roles: readonly string[] }): Checker {
  return ({ faults, samples }) => {
    const found: Counterexample[] = [];
    let examined = 0;
    for (const { id, requestedAt, bitingAt, numbers } of seenBiting(faults, "follow-requests")) {
      const sent = numbers.sent ?? 0;
      const most = Math.max(0, ...roles.map((role) => numbers[role] ?? 0));
      if (most === 0 && (numbers.collected ?? 0) === 0 && numbers.reachable !== 1) continue;
      examined += sent;
      const whole = numbers.whole ?? 0;
      if (whole >= sent) continue;
      const told = roles.map((role) => `${numbers[role] ?? 0} of ${role}`).join(", ");
      found.push({
        time: Math.max(requestedAt, bitingAt - waitedMs),
        until: bitingAt,
        text: `of ${sent} requests with a trace of their own, ${whole} had spans of all roles in it by ${at(bitingAt)}: ${told} (${id}).`,
      });
    }
    const text = {
      holds: `All ${examined} requests that were sent with a trace of their own had spans of ${roles.join(" and ")} in it.`,
      nothing: "No span of a request that was followed was seen.",
    };
    const check = conclude("a trace is whole", examined, found, text, { requests: examined });
    return unlessExcused(check, (from, to) => busyFor(samples, from, to));
  };
}
