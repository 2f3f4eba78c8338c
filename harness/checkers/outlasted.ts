/** FR-1: whether attempts took longer than every lease and time-out, so that a system that loses live work had the chance to. */
import type { Checker } from "../core/verdict.ts";
import { assume, ms, outOfReach } from "./judge.ts";
import { sectionsOf } from "./sections.ts";

/** At least `atLeast` attempts went on for `times` heartbeat time-outs and more before they ended themselves. */
export function outlasted({ times, atLeast }: { readonly times: number; readonly atLeast: number }): Checker {
  return (evidence) => {
    const property = "attempts outlast every lease";
    const timeoutMs = evidence.constants.heartbeatTimeoutMs;
    if (timeoutMs === undefined) return outOfReach(property, "heartbeatTimeoutMs");
    const long = sectionsOf(evidence.ledger, "run").all.filter(
      (section) => section.end === "exit" && section.endAt - section.enteredAt >= times * timeoutMs,
    );
    const longestMs = long.reduce((most, section) => Math.max(most, section.endAt - section.enteredAt), 0);
    const few = `${long.length} attempts took ${ms(times * timeoutMs)} or longer; ${atLeast} are needed.`;
    const text = { holds: `${long.length} attempts took ${ms(times * timeoutMs)} or longer, the longest ${ms(longestMs)}.`, nothing: few };
    const found = long.length < atLeast ? [{ time: evidence.endsAt, text: few }] : [];
    return assume(property, long.length, found, text, { longAttempts: long.length, longestMs });
  };
}
