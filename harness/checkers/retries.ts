/** LG-6: an attempt that fails on a transient error is tried again, so many times and no more. */
import { type Check, type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime } from "./judge.ts";
import { isClaim, isTerminal, trailOf } from "./trail.ts";

const transientErrors = "inject-sqlstate";

/**
 * Where transient errors of the database are all that is injected, every execution after a run's first follows such an error: a run succeeds on execution
 * `retries` + 1 at the latest or ends in error there, and none is given up before. Runs of each of these fates have to be seen.
 */
export function retriesBounded({ retries }: { readonly retries: number }): Checker {
  return (evidence) => {
    const property = `tried again ${retries} times at most after transient errors`;
    const others = injectionsOf(evidence.faults).find(({ fault }) => fault !== transientErrors);
    const most = retries + 1;
    const succeeded = new Array<number>(most).fill(0);
    let exhausted = 0;
    const tooMany: Counterexample[] = [];
    const tooEarly: Counterexample[] = [];
    for (const [run, transitions] of others ? [] : trailOf(evidence.transitions)) {
      const claims = transitions.filter(isClaim);
      const extra = claims[most];
      const end = transitions.find(({ to }) => isTerminal(to));
      if (extra)
        tooMany.push({
          time: extra.time,
          text: `run ${run} was executed for the ${most + 1}th time from ${at(extra.time)} on (transition ${extra.seq}); ${most} are the most.`,
        });
      else if (end?.to === "success") succeeded[claims.length - 1] = (succeeded[claims.length - 1] ?? 0) + 1;
      else if (end?.to === "error" && claims.length === most) exhausted++;
      else if (end?.to === "error")
        tooEarly.push({
          time: end.time,
          text: `run ${run} ended in error at ${at(end.time)} on execution ${claims.length} (transition ${end.seq}), although the errors were transient; it has ${most}.`,
        });
    }
    const fates = `${succeeded
      .slice(1)
      .map((count, i) => `${count} on execution ${i + 2}`)
      .join(", ")}, and ${exhausted} ended in error on execution ${most}`;
    const seen = exhausted > 0 && succeeded.every((count) => count > 0);
    const text = {
      holds: `After transient errors runs succeeded: ${fates}.`,
      nothing: others
        ? `${others.id} gives runs back as well, so executions say nothing of retries.`
        : `Not every fate was seen: runs succeeded ${fates}.`,
    };
    const numbers = { exhaustedRuns: exhausted, ...Object.fromEntries(succeeded.map((count, i) => [`succeededOnExecution${i + 1}`, count])) };
    const examined = seen ? succeeded.reduce((sum, count) => sum + count, exhausted) : 0;
    return judged(evidence, tooEarly, tooMany, (found) => conclude(property, examined, inTime(found), text, numbers));
  };
}

/** LG-14: errors that a repeated statement mends cost no run anything: none ends in error, and none is executed twice. */
export const transientErrorsAbsorbed: Checker = (evidence) => {
  const others = injectionsOf(evidence.faults).find(({ fault }) => fault !== transientErrors);
  const failed: Counterexample[] = [];
  const repeated: Counterexample[] = [];
  let examined = 0;
  for (const [run, transitions] of others ? [] : trailOf(evidence.transitions)) {
    const end = transitions.find(({ to }) => isTerminal(to));
    const again = transitions.filter(isClaim)[1];
    if (end) examined++;
    if (end?.to === "error") failed.push({ time: end.time, text: `run ${run} ended in error at ${at(end.time)} (transition ${end.seq}).` });
    else if (again) repeated.push({ time: again.time, text: `run ${run} was executed again from ${at(again.time)} on (transition ${again.seq}).` });
  }
  const text = {
    holds: `${examined} runs ended well in their first execution.`,
    nothing: others ? `${others.id} costs executions as well.` : "The audit trail saw no run end.",
  };
  return judged(evidence, failed, repeated, (found) => conclude("transient errors absorbed", examined, inTime(found), text));
};

/** An instance that cannot run for as long as its heartbeats last gives its runs back as well: where timers lagged, executions alone accuse nobody. */
function judged(
  evidence: Evidence,
  ends: readonly Counterexample[],
  executions: readonly Counterexample[],
  check: (found: readonly Counterexample[]) => Check,
): Check {
  const whole = check([...ends, ...executions]);
  return ends.length > 0 ? whole : concludeBound(evidence, evidence.constants.heartbeatTimeoutMs ?? 5000, whole);
}
