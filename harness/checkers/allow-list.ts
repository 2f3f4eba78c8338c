/** AB-14: only addresses of the list are let in, by the connection's own address and whatever a header says. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime } from "./judge.ts";

/** Who has no answer by then is not waited for any longer (ms). */
const answerMs = 10_000;

const kinds = {
  allowed: { letIn: true, who: "clients of allowed addresses" },
  denied: { letIn: false, who: "clients of other addresses" },
  pretending: { letIn: false, who: "clients of other addresses that pretend an allowed one" },
} as const;

/** All requests of allowed addresses are let in, answered and not by a mistake, and none of any other. */
export const onlyAllowedAddresses: Checker = (evidence) => {
  const found: Counterexample[] = [];
  let strangers = false;
  const totals: Record<string, number> = { allowed: 0, denied: 0, pretending: 0 };
  for (const { id, requestedAt: time, bitingAt: until, numbers } of seenBiting(evidence.faults, "allow-some-addresses")) {
    for (const [kind, { letIn, who }] of Object.entries(kinds)) {
      const asked = numbers[`${kind} asked`] ?? 0;
      const were = numbers[`${kind} letIn`] ?? 0;
      totals[kind] = (totals[kind] ?? 0) + asked;
      strangers ||= !letIn && were > 0;
      if (were !== (letIn ? asked : 0))
        found.push({
          time,
          until,
          text: `Of ${asked} requests of ${who}, ${were} were let in; ${letIn ? "all" : "none"} should be (${id} at ${at(time)}).`,
        });
    }
  }
  const examined = Object.values(totals).every((asked) => asked > 0) ? Object.values(totals).reduce((sum, asked) => sum + asked) : 0;
  const text = {
    holds: `All ${totals.allowed} requests of allowed addresses were let in, and none of ${totals.denied} others nor of ${totals.pretending} that pretended one.`,
    nothing: "No clients of allowed and of other addresses were all answered.",
  };
  const check = conclude("only allowed addresses", examined, inTime(found), text, totals);
  // Whoever was let in that should not have been was not let in for lack of a processor.
  return strangers ? check : concludeBound(evidence, answerMs, check);
};
