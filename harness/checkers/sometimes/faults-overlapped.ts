/** Systems that bear each fault by itself may not bear two at a time. */
import type { Situation } from "../../core/verdict.ts";
import { injectionsOf } from "../injections.ts";
import { at } from "../judge.ts";

export default {
  what: "two faults were in effect at the same time",
  sightings({ faults }) {
    const biting = injectionsOf(faults).filter(({ fault, bitingAt }) => fault !== "scale" && Number.isFinite(bitingAt));
    return biting.flatMap((later, i) => {
      const earlier = biting.slice(0, i).find((one) => one.bitingAt < later.healingAt && later.bitingAt < one.healingAt);
      const time = earlier && Math.max(earlier.bitingAt, later.bitingAt);
      return earlier === undefined || time === undefined
        ? []
        : [{ time, text: `${earlier.id} on ${earlier.on} and ${later.id} on ${later.on} were both in effect at ${at(time)}.` }];
    });
  },
} satisfies Situation;
