/** HA-22: clients of a region that is gone are served by another. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, ms } from "./judge.ts";
import { field } from "./trail.ts";

/** What the balancer has until it knows (ms). */
const noticedMs = 3000;
const leastOperations = 20;
const brokenShare = 0.1;

/** The balancer says that there is nobody, or nobody who answers. */
export function foundNobody({ served, by, error }: Operation): boolean {
  return served === "error" && by === "" && /^status 50[234]$/.test(error);
}

/** Operations of clients in the region (input `region`) while all of it is gone. Only answers in which the balancer says that it found nobody speak against it: a busy machine answers late. */
export function ledElsewhere({ fault }: { readonly fault: string }): Checker {
  return ({ faults, operations }) => {
    const found: Counterexample[] = [];
    let served = 0;
    for (const { id, on, bitingAt, healingAt } of seenBiting(faults, fault)) {
      const from = bitingAt + noticedMs;
      const meanwhile = operations.filter(
        ({ input, invokedAt, answeredAt }) => `region ${field(input, "region")}` === on && invokedAt >= from && answeredAt <= healingAt,
      );
      const broken = meanwhile.filter(foundNobody);
      const well = meanwhile.filter((one) => one.outcome === "ok").length;
      if (meanwhile.length < leastOperations) continue;
      const [first] = broken;
      if (first && broken.length > brokenShare * meanwhile.length) {
        const text = `${id}: ${broken.length} of ${meanwhile.length} operations of clients in the ${on} found nobody from ${ms(noticedMs)} after it was gone, the first at ${at(first.invokedAt)} (${first.error}, operation ${first.index}).`;
        found.push({ time: first.invokedAt, text });
      }
      served += well;
    }
    const text = {
      holds: `${served} operations of clients in a region that was gone were served from elsewhere.`,
      nothing: "No region was gone for long enough that its clients were seen asking.",
    };
    return conclude("clients are led to a region that is there", found.length > 0 ? Math.max(1, served) : served, found, text, { served });
  };
}
