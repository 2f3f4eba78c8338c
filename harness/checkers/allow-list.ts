/** AB-14: only addresses of the list are let in, by the connection's own address and whatever a header says. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";

const kinds = {
  allowed: { letIn: true, who: "clients of allowed addresses" },
  denied: { letIn: false, who: "clients of other addresses" },
  pretending: { letIn: false, who: "clients of other addresses that pretend an allowed one" },
} as const;

/** All requests of allowed addresses are let in, and none of any other. */
export const onlyAllowedAddresses: Checker = ({ faults }) => {
  const found: Counterexample[] = [];
  const totals: Record<string, number> = { allowed: 0, denied: 0, pretending: 0 };
  for (const { id, requestedAt: time, numbers } of seenBiting(faults, "allow-some-addresses")) {
    for (const [kind, { letIn, who }] of Object.entries(kinds)) {
      const asked = numbers[`${kind} asked`] ?? 0;
      const were = numbers[`${kind} letIn`] ?? 0;
      totals[kind] = (totals[kind] ?? 0) + asked;
      if (were !== (letIn ? asked : 0))
        found.push({
          time,
          text: `Of ${asked} requests of ${who}, ${were} were let in; ${letIn ? "all" : "none"} should be (${id} at ${at(time)}).`,
        });
    }
  }
  const examined = Object.values(totals).every((asked) => asked > 0) ? Object.values(totals).reduce((sum, asked) => sum + asked) : 0;
  const text = {
    holds: `All ${totals.allowed} requests of allowed addresses were let in, and none of ${totals.denied} others nor of ${totals.pretending} that pretended one.`,
    nothing: "No clients of allowed and of other addresses were all answered.",
  };
  return conclude("only allowed addresses", examined, inTime(found), text, totals);
};
