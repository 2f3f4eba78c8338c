/** LG-5: dispatch. Who executes an attempt is who claimed it: the ledger against the audit trail. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime, toleranceMs } from "./judge.ts";
import { named, sectionsOf } from "./sections.ts";
import { claimant, trailOf } from "./trail.ts";

/** Every attempt that the ledger saw begin had been claimed before, by the instance that began it. */
export const dispatchedToClaimant: Checker = (evidence) => {
  const { all } = sectionsOf(evidence.ledger, "run");
  const trail = trailOf(evidence.transitions);
  const tolerance = toleranceMs(evidence);
  const found: Counterexample[] = [];
  let examined = 0;
  for (const section of trail.size === 0 ? [] : all) {
    const transitions = trail.get(section.subject);
    // What began in the last moments may be younger than the copy of the trail.
    if (section.enteredAt + tolerance > evidence.endsAt) continue;
    examined++;
    const claims = (transitions ?? []).filter((transition) => transition.to === "running" && transition.attempt === section.token);
    const own = claims.find((claim) => claimant(claim) === section.instance);
    const where = `(ledger ${section.enteredSeq}, at ${at(section.enteredAt)})`;
    const [other] = claims;
    const text =
      own !== undefined
        ? own.time - evidence.deltaMs <= section.enteredAt
          ? null
          : `${named(section)} of run ${section.subject} began before it was claimed at ${at(own.time)} ${where}.`
        : other !== undefined
          ? `${named(section)} of run ${section.subject} began, but ${claimant(other) || "someone"} had claimed that attempt ${where}.`
          : `${named(section)} of run ${section.subject} began, but nobody had claimed that attempt ${where}.`;
    if (text !== null) found.push({ time: section.enteredAt, text });
  }
  const text = {
    holds: `Each of ${examined} attempts was executed by the instance that had claimed it.`,
    nothing: "The ledger saw no attempt of a run, or there is no audit trail.",
  };
  return conclude("each attempt goes to its claimant", examined, inTime(found), text, { dispatched: examined });
};
