/** LG-14: answers of the database that never come cost no run anything: what was sent is looked up, or sent again so that it counts once (SEMANTICS, "Exactly-once", LG-6). */
import { type Check, type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { type Injection, injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, outOfReach } from "./judge.ts";
import { claimant, endOf, isClaim, trailOf } from "./trail.ts";

const blackHole = "one-way-black-hole";
/** A statement that was sent before it was seen biting may be answered only when another connection has been made (ms). */
const slackMs = 1000;

/**
 * Where an instance hears nothing from the database for less than the declared budget, and nothing else is disturbed, no run ends in error, and none is executed twice: its statements are sent again
 * within that time, and what they had done is known by its key, attempt or claim. Some runs have to have been in an instance's hands then.
 */
export const lostAnswersAbsorbed: Checker = (evidence) => {
  const property = "lost answers are absorbed";
  const budgetMs = evidence.constants.outageBudgetMs;
  if (budgetMs === undefined) return outOfReach(property, "outageBudgetMs");
  const isShort = ({ fault, on, requestedAt, healedAt }: Injection): boolean =>
    fault === blackHole && on.endsWith("->postgres") && healedAt - requestedAt + slackMs <= budgetMs;
  const injections = injectionsOf(evidence.faults);
  const other = injections.find((one) => !isShort(one));
  const failed: Counterexample[] = [];
  const repeated: Counterexample[] = [];
  let ended = 0;
  let underWay = 0;
  for (const [run, transitions] of other ? [] : trailOf(evidence.transitions)) {
    const end = endOf(transitions);
    const [first, again] = transitions.filter(isClaim);
    if (end === undefined || first === undefined) continue;
    ended++;
    const leftAt = transitions.find(({ from, to }) => from === "running" && to !== "running")?.time ?? end.time;
    if (injections.some(({ on, bitingAt, healingAt }) => on === `${claimant(first)}->postgres` && first.time < healingAt && leftAt > bitingAt))
      underWay++;
    if (end.to === "error")
      failed.push({
        time: end.time,
        text: `run ${run} ended in error at ${at(end.time)} (transition ${end.seq}), though only answers of the database were lost.`,
      });
    else if (again)
      repeated.push({
        time: again.time,
        text: `run ${run} was executed again from ${at(again.time)} on (transition ${again.seq}), after ${claimant(first)} had had it since ${at(first.time)}, and nothing but answers of the database was lost.`,
      });
  }
  const text = {
    holds: `${ended} runs ended well in their first execution, ${underWay} of which were in the hands of an instance that heard nothing from the database for a while.`,
    nothing: other ? `${other.id} may cost executions as well.` : "No run was in the hands of an instance that heard nothing from the database.",
  };
  const check = (found: readonly Counterexample[]): Check => conclude(property, underWay > 0 ? ended : 0, inTime(found), text, { ended, underWay });
  // An instance that cannot run for as long as its heartbeats last gives its runs back as well.
  return failed.length > 0
    ? check([...failed, ...repeated])
    : concludeBound(evidence, evidence.constants.heartbeatTimeoutMs ?? budgetMs, check(repeated));
};
