/** FR-3: a crash with free slots says nothing of a full queue. */
import { type Checker, conclude } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { outOfReach } from "./judge.ts";

/** Every instance that was killed had all its slots taken, by the judge's ledger; inconclusive where one had not. */
export const crashedFull: Checker = (evidence) => {
  const slots = evidence.constants.runsPerInstance;
  const property = "every slot was taken at the crash";
  if (slots === undefined) return outOfReach(property, "runsPerInstance");
  const kills = injectionsOf(evidence.faults).filter(({ fault }) => fault === "kill");
  const taken = kills.map(({ working }) => working.filter((work) => work.startsWith("run ")).length);
  const full = taken.filter((count) => count >= slots).length;
  const text = {
    holds: `All ${full} instances were killed with ${slots} runs each.`,
    nothing: `Of ${kills.length} instances that were killed, ${full} held ${slots} runs (${taken.join(", ")}).`,
  };
  return conclude(property, full === kills.length ? full : 0, [], text, { fewestRunsAtKill: Math.min(...taken, slots) });
};
