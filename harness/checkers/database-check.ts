/** HA-21: what tells whether the database can be used says yes only when a statement succeeds. */
import { type Check, type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at } from "./judge.ts";

/**
 * The target's own check never said yes when a statement that was sent after it failed. What pg_isready says at the socket, as documented, is counted and not held
 * against the target; where that was never wrong, nothing was shown.
 */
export const databaseCheckTellsTheTruth: Checker = ({ faults }) => {
  const found: Counterexample[] = [];
  let examined = 0;
  let documented = 0;
  for (const { id, requestedAt: time, numbers } of seenBiting(faults, "start-a-new-postgres")) {
    const early = numbers["manifest tooEarly"] ?? 0;
    examined += numbers["manifest yes"] ?? 0;
    documented += numbers["socket tooEarly"] ?? 0;
    const text = `the target's check of its database said ${early} times that it can be used when a statement sent after it failed (${id} at ${at(time)}).`;
    if (early > 0) found.push({ time, text });
  }
  const text = {
    holds: `The target's check said ${examined} times that the database can be used, and it could be; as documented, pg_isready at the socket said so ${documented} times too early.`,
    nothing: "Nobody saw the target's check say that a new database can be used.",
  };
  const check: Check = conclude("a database that is called usable answers", examined, found, text, {
    yes: examined,
    tooEarlyAsDocumented: documented,
  });
  if (check.verdict !== "holds" || documented > 0) return check;
  return { ...check, verdict: "inconclusive", summary: "Even at the socket nobody was told too early: the first start was not seen in between." };
};
