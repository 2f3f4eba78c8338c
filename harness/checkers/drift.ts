/** HS-10: an instance whose settings differ from the others' is kept out. */
import { type Checker, conclude } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { at } from "./judge.ts";

/** Of the instances that came back with another setting, none answered that it was ready. */
export const driftKeptOut: Checker = (evidence) => {
  const drifts = injectionsOf(evidence.faults).filter(({ fault, numbers }) => fault === "drift" && numbers.admitted !== undefined);
  const found = drifts
    .filter(({ numbers }) => numbers.admitted === 1)
    .map(({ id, on, bitingAt }) => ({
      time: bitingAt,
      text: `${on} came back with a setting of its own and answered ready at ${at(bitingAt)} (${id}).`,
    }));
  const text = {
    holds: `All ${drifts.length} instances that came back with a setting of their own were kept out.`,
    nothing: "No instance came back with a setting of its own.",
  };
  return conclude("a drifted instance is kept out", drifts.length, found, text);
};
