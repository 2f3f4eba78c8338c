/** AB-1: where short and long requests mix, who gives each to the instance with the fewest keeps them even, and short ones do not wait for long ones. */
import type { Operation } from "../core/history.ts";
import { largest, quantile, sum } from "../core/stats.ts";
import { type Checker, conclude, type Evidence } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, ms } from "./judge.ts";
import { numberField } from "./trail.ts";

/** What was under way when the balancer began to choose in another way is over by then, or is as much in either (ms). */
const settleMs = 4000;
const everyMs = 100;
/** By least connections instances are apart by this share of what they are apart in turn, at most. Simulated: 0.2, and below 0.45 in 99 of 100 cases; 1 where both are the same. */
const mostShare = 0.7;
/** So far apart they are in turn at least, or there was nothing to even out. */
const leastApart = 1;
/** Two 95th percentiles of some hundred requests each. */
const slackMs = 100;

interface Window {
  readonly from: number;
  readonly requests: number;
  /** How many more were under way at the busiest instance than at the idlest, on average. */
  readonly apart: number;
  /** Of the short ones (ms). */
  readonly p95Ms: number;
}

/** @param role who is chosen among; `shortMs`: what asks for no more than that is short */
export function leastConnectionsSuit({ f, role, shortMs }: { readonly f: string; readonly role: string; readonly shortMs: number }): Checker {
  return (evidence) => {
    const [fewest, inTurn] = ["least_conn", "round_robin"].map((way) => windowOf(evidence, way, { f, role, shortMs }));
    const property = "least connections suit short and long requests";
    const numbers = {
      ...(fewest ? { leastConnApart: fewest.apart, leastConnP95Ms: fewest.p95Ms } : {}),
      ...(inTurn ? { roundRobinApart: inTurn.apart, roundRobinP95Ms: inTurn.p95Ms } : {}),
    };
    const comparable = fewest !== undefined && inTurn !== undefined && inTurn.apart >= leastApart;
    const told = comparable
      ? `by least connections instances were ${fewest.apart.toFixed(2)} requests apart and 95 % of the short ones took ${ms(fewest.p95Ms)} at most, in turn ${inTurn.apart.toFixed(2)} and ${ms(inTurn.p95Ms)}`
      : "";
    const uneven = comparable && fewest.apart > mostShare * inTurn.apart;
    const worse = uneven || (comparable && fewest.p95Ms > inTurn.p95Ms + slackMs);
    const found = worse
      ? [
          {
            time: Math.min(fewest.from, inTurn.from),
            until: evidence.endsAt,
            text: `Under the same arrivals ${told} (from ${at(fewest.from)} and ${at(inTurn.from)} on).`,
          },
        ]
      : [];
    const text = {
      holds: `Under the same arrivals ${told}.`,
      nothing: "The two ways of choosing were not seen under a mix that sets instances apart.",
    };
    const examined = comparable ? fewest.requests + inTurn.requests : 0;
    // Short ones alone may have been late in one of the two times only.
    return concludeBound(evidence, uneven ? settleMs : slackMs, conclude(property, examined, found, text, numbers));
  };
}

function windowOf(
  evidence: Evidence,
  way: string,
  { f, role, shortMs }: { readonly f: string; readonly role: string; readonly shortMs: number },
): Window | undefined {
  const biting = seenBiting(evidence.faults, "reload-balancer").find(({ numbers }) => numbers[way] === 1);
  if (biting === undefined) return undefined;
  const [from, to] = [biting.bitingAt + settleMs, Math.min(biting.healingAt, evidence.endsAt)];
  const asked = evidence.operations.filter((one) => one.f === f && one.invokedAt <= to && one.answeredAt >= from);
  const short = asked.filter(
    ({ input, invokedAt, answeredAt }) => invokedAt >= from && Number.isFinite(answeredAt) && numberField(input, "ms") <= shortMs,
  );
  const names = [...new Set(evidence.samples.map(({ source }) => source).filter((source) => source.startsWith(`${role}-`)))];
  if (names.length < 2 || short.length === 0) return undefined;
  const apart: number[] = [];
  for (let time = from; time < to; time += everyMs) {
    const open = names.map((name) => count(asked, name, time));
    apart.push(largest(open) - Math.min(...open));
  }
  return {
    from,
    requests: short.length,
    apart: sum(apart) / apart.length,
    p95Ms: quantile(
      short.map(({ invokedAt, answeredAt }) => answeredAt - invokedAt),
      0.95,
    ),
  };
}

const count = (asked: readonly Operation[], name: string, time: number): number =>
  asked.filter(({ by, invokedAt, answeredAt }) => by === name && invokedAt <= time && answeredAt > time).length;
