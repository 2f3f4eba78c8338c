/** HS-21: what a lock covers is written by who is inside, and by nobody who passes it by. */
import { type Checker, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { sectionsOf } from "./sections.ts";

/**
 * Every write that a fenced resource accepted carries the token of a critical section which the ledger saw entered, as it does before anything is done in one. Of the
 * last writes of a record, which another clock tells of, the section may have been entered after its end.
 */
export const writtenInside: Checker = ({ ledger, writes: all, endsAt, deltaMs }) => {
  const sections = sectionsOf(ledger, "lock").all;
  const writes = all.filter(({ time }) => time + deltaMs <= endsAt);
  const entered = new Set(sections.map(({ subject, token }) => `${token} ${subject}`));
  const found = writes
    .filter(({ subject, token }) => !entered.has(`${token} ${subject}`))
    .map(({ seq, time, subject, token, by }) => ({
      time,
      text: `agent ${subject} accepted a write with token ${token} by ${by || "someone"} at ${at(time)}, and nobody had entered a critical section with that token (write ${seq}).`,
    }));
  const text = {
    holds: `All ${writes.length} accepted writes were made in one of ${sections.length} critical sections.`,
    nothing: "No fenced resource was written, or the ledger saw no critical section.",
  };
  const examined = sections.length === 0 ? 0 : writes.length;
  return conclude("written inside the lock", examined, examined === 0 ? [] : inTime(found), text, {
    writes: writes.length,
    sections: sections.length,
  });
};
