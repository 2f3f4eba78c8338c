/** Whether the experiment went as planned, and what was planted in it was there. What it had recorded until then is judged all the same. */
import type { Checker } from "../core/verdict.ts";
import { assume } from "./judge.ts";

/** Nothing kept the conductor from its plan; `problem` says what did, "" if nothing. */
export function carriedOut(problem: string): Checker {
  return ({ operations, endsAt }) => {
    const found = problem === "" ? [] : [{ time: endsAt, text: problem }];
    const text = { holds: "The experiment was carried out as planned.", nothing: "Nothing was recorded." };
    return assume("carried out as planned", operations.length, found, text);
  };
}

/** The name of the check that a violation with a planted defect rests on: without it nobody knows what of. */
export const inEffect = "the planted defect was in effect";

/** What the planted defect edits was read by something; `unread` are the files that nothing read. */
export function defectInEffect(unread: readonly string[]): Checker {
  return ({ operations, endsAt }) => {
    const found = unread.map((file) => ({ time: endsAt, text: `The planted defect edits ${file}, which nothing has read: it was not in effect.` }));
    return assume(inEffect, operations.length, found, {
      holds: "Everything that the planted defect edits was read.",
      nothing: "Nothing was recorded.",
    });
  };
}
