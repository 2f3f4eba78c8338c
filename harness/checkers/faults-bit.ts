/** A fault that never bit, or hit somebody idle, proves nothing (SEMANTICS, "Faults and load"). */
import type { Checker, Counterexample } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { assume, at } from "./judge.ts";

/** Every scheduled injection took place, was seen biting and seen healed, and an instance that was killed or stopped was at work. */
export function faultsBit({ scheduled }: { readonly scheduled: number }): Checker {
  return (evidence) => {
    const injections = injectionsOf(evidence.faults);
    const found: Counterexample[] = [];
    for (const { id, on, fault, requestedAt, bitingAt, healedAt, working } of injections) {
      const doubt = (what: string): number => found.push({ time: requestedAt, text: `${id} on ${on}, requested at ${at(requestedAt)}, ${what}.` });
      if (bitingAt === Number.POSITIVE_INFINITY) doubt("was never seen biting");
      if (healedAt === Number.POSITIVE_INFINITY) doubt("was never seen healed");
      if ((fault === "kill" || fault === "pause") && working.length === 0) doubt("hit an instance that was doing nothing");
    }
    if (injections.length !== scheduled)
      found.push({ time: evidence.endsAt, text: `${scheduled} faults were scheduled and ${injections.length} requested.` });
    const text = {
      holds: scheduled === 0 ? "No fault was scheduled." : `All ${scheduled} faults were seen biting and seen healed.`,
      nothing: "Nothing was recorded.",
    };
    return assume("faults bit", evidence.operations.length + injections.length, found, text, { injections: injections.length });
  };
}
