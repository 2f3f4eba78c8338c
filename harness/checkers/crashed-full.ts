/** FR-3: a crash with free slots says nothing of a full queue. */
import { type Checker, conclude } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { outOfReach } from "./judge.ts";
import { claimant, trailOf } from "./trail.ts";

/** By the audit trail, every instance that was killed held as many runs as it has slots, and others were waiting; inconclusive where that was not so. */
export const crashedFull: Checker = (evidence) => {
  const slots = evidence.constants.runsPerInstance;
  const property = "every slot was taken at the crash";
  if (slots === undefined) return outOfReach(property, "runsPerInstance");
  const kills = injectionsOf(evidence.faults).filter(({ fault }) => fault === "kill");
  const found = kills.map(({ on, requestedAt }) => {
    const last = [...trailOf(evidence.transitions).values()].map((transitions) => transitions.findLast(({ time }) => time <= requestedAt));
    const held = last.filter((transition) => transition?.to === "running" && claimant(transition) === on).length;
    return { held, waiting: last.filter((transition) => transition?.to === "pending").length };
  });
  const full = found.filter(({ held, waiting }) => held >= slots && waiting > 0).length;
  const told = found.map(({ held, waiting }) => `${held} while ${waiting} waited`).join(", ");
  const text = {
    holds: `All ${full} instances that were killed held ${slots} runs: ${told}.`,
    nothing: `Of ${kills.length} instances that were killed, ${full} held ${slots} runs while others waited (${told}).`,
  };
  return conclude(property, full === kills.length ? full : 0, [], text, { fewestRunsAtKill: Math.min(...found.map(({ held }) => held), slots) });
};
