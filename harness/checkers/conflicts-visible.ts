/** HA-23: what diverged in two regions is merged by nobody, and both sides of it are to be seen (`merge-histories`). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";

/**
 * Of agents that went on apart on both sides of a failover, the history of the lost side is refused under the id that the other side has, where it is kept as it was; and taken under a free
 * one, as it was. Whatever got no answer decides nothing.
 */
export const conflictsVisible: Checker = ({ faults }) => {
  const found: Counterexample[] = [];
  let examined = 0;
  let beside = 0;
  for (const { id, requestedAt: time, bitingAt: until, numbers } of seenBiting(faults, "merge-histories")) {
    const { diverged = 0, taken = 0, refused = 0, refusedBeside = 0, keptBeside = 0, changedBeside = 0, lost = 0 } = numbers;
    examined += Math.min(refused + taken, keptBeside + changedBeside + refusedBeside);
    beside += keptBeside;
    const accuse = (what: string): void => {
      found.push({ time, until, text: `of ${diverged} agents with two histories, ${what} (${id} at ${at(time)}).` });
    };
    if (taken > 0) accuse(`${taken} were answered as if the other one had been imported under the id that was taken: the conflict is told to nobody`);
    if (lost > 0) accuse(`${lost} no longer had what the deployment had written once the other one had been brought`);
    if (refusedBeside > 0) accuse(`${refusedBeside} could not be brought under a free id either: what the lost region had is nowhere to be seen`);
    if (changedBeside > 0) accuse(`${changedBeside} were another thing under a free id than in the region that was lost`);
  }
  const text = {
    holds: `Of ${examined} agents that had gone on in both regions, the history of the lost one was refused under their ids, and ${beside} were to be seen beside it under others.`,
    nothing: "No agent went on in both regions and was brought back.",
  };
  return conclude("conflicts are visible", examined, inTime(found), text, { examined, beside });
};
