/** HS-7: whoever holds a lock that an operator cleared leaves, however well it is (SEMANTICS, "Locks, leaders, fencing"). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { turnsOf } from "./mutual-exclusion.ts";
import { named, sectionsOf } from "./sections.ts";

/** From when a lease is over until its holder has left at the ledger (ms). */
const slackMs = 1000;

/**
 * A critical section whose lock was cleared while it was open ends within a lease, and nothing is written with its token later than that: its holder can renew no more. One that was killed, or whose
 * turn was done by then, shows nothing of it; for experiments in which nobody is stopped meanwhile.
 */
export const revokedLeaves: Checker = (evidence) => {
  const property = "whose lock was cleared leaves within its lease";
  const { lockLeaseMs } = evidence.constants;
  if (lockLeaseMs === undefined) return outOfReach(property, "lockLeaseMs");
  const boundMs = lockLeaseMs + slackMs;
  const tolerance = toleranceMs(evidence, boundMs);
  const sections = new Map(sectionsOf(evidence.ledger, "lock").all.map((section) => [section.token, section]));
  const done = new Set(turnsOf(evidence.operations).map(({ token }) => token));
  const found: Counterexample[] = [];
  let left = 0;
  let longestMs = 0;
  for (const { id, bitingAt, numbers } of seenBiting(evidence.faults, "clear-lock")) {
    const section = sections.get(numbers.revokedToken ?? Number.NaN);
    const due = bitingAt + boundMs + tolerance;
    if (section === undefined || section.end === "closed") continue;
    const late = evidence.writes.find((write) => write.token === section.token && write.subject === section.subject && write.time > due);
    const which = `${named(section)} of agent ${section.subject}, whose lock was cleared by ${at(bitingAt)} (${id}),`;
    if (section.endAt > due && evidence.endsAt > due) {
      const ended = section.end === "open" ? "never left" : `left at ${at(section.endAt)}, ${ms(section.endAt - bitingAt)} later`;
      found.push({ time: due, text: `${which} ${ended}; a lease is ${ms(lockLeaseMs)} (ledger ${section.enteredSeq}).` });
    } else if (late) found.push({ time: late.time, text: `${which} wrote at ${at(late.time)}; a lease is ${ms(lockLeaseMs)} (write ${late.seq}).` });
    else if (section.endAt <= due && !done.has(section.token)) {
      left++;
      longestMs = Math.max(longestMs, section.endAt - bitingAt);
    }
  }
  const text = {
    holds: `${left} holders whose locks were cleared left before their turns were done, at most ${ms(longestMs)} later, and wrote nothing after their lease.`,
    nothing: "No lock was cleared whose holder lived, and had more to do than it was given time for.",
  };
  return concludeBound(evidence, boundMs, conclude(property, left, inTime(found), text, { revokedLeft: left, leftMaxMs: longestMs }));
};
