/** HA-22: clients are led to the instances of the region that they name, as long as these are there. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { injectionsOf, seenBiting } from "./injections.ts";
import { at } from "./judge.ts";
import { field } from "./trail.ts";

/** Fewer operations of a region's clients decide nothing (SEMANTICS, "Faults and load"). */
const least = 200;
/** Of a region that was gone the balancer leaves each instance out for some seconds more, and it has to come up (ms). */
const afterMs = 15_000;
/** An instance that fails now and then is left out for seconds: then its clients are led elsewhere rightly. */
const elsewhereShare = 0.2;

/** The region of each instance, as `lose-regional-redis` found it. */
function homesOf(faults: Parameters<typeof seenBiting>[0]): ReadonlyMap<string, string> {
  const homes = new Map<string, string>();
  for (const { on, numbers } of seenBiting(faults, "lose-regional-redis"))
    for (const name of Object.keys(numbers)) if (name.endsWith(" here")) homes.set(name.slice(0, -" here".length), on.replace(/^redis of /, ""));
  return homes;
}

/**
 * Of the operations of clients in a region (input `region`), outside of all faults, no more than a fifth were answered by an instance of another region: where the balancer goes by
 * something else than the region, or by nothing, it is a half and more.
 */
export const ledHome: Checker = ({ faults, operations }) => {
  const homes = homesOf(faults);
  const disturbed = injectionsOf(faults);
  const isCalm = ({ invokedAt, answeredAt }: Operation): boolean =>
    disturbed.every(({ requestedAt, healedAt }) => answeredAt < requestedAt || invokedAt > healedAt + afterMs);
  const led = operations.filter((one) => one.served === "yes" && homes.has(one.by) && isCalm(one));
  const found: Counterexample[] = [];
  let examined = 0;
  for (const region of new Set(homes.values())) {
    const own = led.filter(({ input }) => field(input, "region") === region);
    if (own.length < least) continue;
    examined += own.length;
    const away = own.filter(({ by }) => homes.get(by) !== region);
    const [first] = away;
    if (!first || away.length <= elsewhereShare * own.length) continue;
    const text = `${away.length} of ${own.length} operations of clients in region ${region} were answered by instances of another, whose own were there: the first, ${first.f} sent at ${at(first.invokedAt)}, by ${first.by} (operation ${first.index}).`;
    found.push({ time: first.invokedAt, text });
  }
  const text = {
    holds: `${examined} operations were answered in the region that their clients named, but for a fifth of each region's at most.`,
    nothing: `Fewer than ${least} operations of any region's clients were answered while nothing was disturbed, or nobody noted which instances are in a region.`,
  };
  return conclude("clients are led to their own region", examined, found, text, { examined });
};
