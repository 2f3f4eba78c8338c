/** Whether the experiment went as planned. What it had recorded until then is judged all the same. */
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
