/** LG-6: an attempt that fails on a transient error is tried again, so many times and no more. */

import type { Transition } from "../core/records.ts";
import { type Check, type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { byVictim, type Injection, injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime } from "./judge.ts";
import { acknowledgedRuns, claimant, endOf, isClaim, numberField, trailOf } from "./trail.ts";

const injectedErrors = "inject-sqlstate";

/**
 * Where transient errors of the database are all that is injected but for kills, every execution after a run's first follows such an error, or the death of its
 * handler, which counts for nothing: a run succeeds on execution `retries` + 1 at the latest or ends in error there, and none is given up before. Runs of each of these
 * fates have to be seen; how many of those that were given up had lost their handler as well is told.
 */
export function retriesBounded({ retries }: { readonly retries: number }): Checker {
  return (evidence) => {
    const property = `tried again ${retries} times at most after transient errors`;
    const kills = byVictim(evidence.faults, "kill");
    const others = injectionsOf(evidence.faults).find(({ fault }) => fault !== injectedErrors && fault !== "kill");
    const most = retries + 1;
    const succeeded = new Array<number>(most).fill(0);
    let exhausted = 0;
    let exhaustedAfterDeath = 0;
    const tooMany: Counterexample[] = [];
    const tooEarly: Counterexample[] = [];
    for (const [run, transitions] of others ? [] : trailOf(evidence.transitions)) {
      const claims = transitions.filter(isClaim);
      const { certain, possible } = deaths(transitions, kills, evidence.deltaMs);
      const extra = claims[most + possible];
      const failing = claims.length - certain;
      const end = endOf(transitions);
      if (extra)
        tooMany.push({
          time: extra.time,
          text: `run ${run} was executed for the ${most + possible + 1}th time from ${at(extra.time)} on (transition ${extra.seq}); ${most}${possible > 0 ? ` beside ${possible} that died` : ""} are the most.`,
        });
      else if (end?.to === "success") succeeded[failing - 1] = (succeeded[failing - 1] ?? 0) + 1;
      else if (end?.to === "error" && failing >= most) {
        exhausted++;
        if (certain > 0) exhaustedAfterDeath++;
      } else if (end?.to === "error")
        tooEarly.push({
          time: end.time,
          text: `run ${run} ended in error at ${at(end.time)} on execution ${claims.length}${certain > 0 ? `, of which ${certain} died with the handler` : ""} (transition ${end.seq}), although the errors were transient; it has ${most}${certain > 0 ? " beside those" : ""}.`,
        });
    }
    const fates = `${succeeded
      .slice(1)
      .map((count, i) => `${count} on execution ${i + 2}`)
      .join(", ")}, and ${exhausted} ended in error on execution ${most}`;
    const died = kills.size > 0 ? `; ${exhaustedAfterDeath} of these had lost their handler as well` : "";
    const seen = exhausted > 0 && succeeded.every((count) => count > 0);
    const text = {
      holds: `After transient errors runs succeeded: ${fates}${died}.`,
      nothing: others
        ? `${others.id} gives runs back as well, so executions say nothing of retries.`
        : `Not every fate was seen: runs succeeded ${fates}${died}.`,
    };
    const numbers = {
      exhaustedRuns: exhausted,
      exhaustedAfterDeath,
      ...Object.fromEntries(succeeded.map((count, i) => [`succeededOnExecution${i + 1}`, count])),
    };
    const examined = seen ? succeeded.reduce((sum, count) => sum + count, exhausted) : 0;
    return judged(evidence, tooEarly, tooMany, (found) => conclude(property, examined, inTime(found), text, numbers));
  };
}

/** How many of a run's executions were under way when their handler was killed: certainly, and possibly. */
function deaths(
  transitions: readonly Transition[],
  kills: ReadonlyMap<string, readonly Injection[]>,
  deltaMs: number,
): { readonly certain: number; readonly possible: number } {
  let certain = 0;
  let possible = 0;
  for (const [i, claim] of transitions.entries()) {
    if (!isClaim(claim)) continue;
    const leftAt = transitions[i + 1]?.time ?? Number.POSITIVE_INFINITY;
    for (const { requestedAt, bitingAt } of kills.get(claimant(claim)) ?? []) {
      if (claim.time - deltaMs > bitingAt || leftAt + deltaMs < requestedAt) continue;
      possible++;
      if (claim.time + deltaMs < requestedAt && leftAt - deltaMs > bitingAt) certain++;
      break;
    }
  }
  return { certain, possible };
}

/**
 * LG-14: errors that a repeated statement mends cost no run anything: none ends in error, and none is executed twice. Where the load asks for runs that write their tokens as they come, some have to have
 * been under way while errors were injected.
 */
export const transientErrorsAbsorbed: Checker = (evidence) => {
  const injections = injectionsOf(evidence.faults);
  const others = injections.find(({ fault }) => fault !== injectedErrors);
  const asked = new Set([...acknowledgedRuns(evidence.operations)].flatMap(([run, { input }]) => (numberField(input, "tokens") > 0 ? [run] : [])));
  const failed: Counterexample[] = [];
  const repeated: Counterexample[] = [];
  let ended = 0;
  let streamed = 0;
  for (const [run, transitions] of others ? [] : trailOf(evidence.transitions)) {
    const end = endOf(transitions);
    const [first, again] = transitions.filter(isClaim);
    if (end) ended++;
    if (asked.has(run) && first && end && injections.some(({ bitingAt, healingAt }) => bitingAt < end.time && first.time < healingAt)) streamed++;
    if (end?.to === "error") failed.push({ time: end.time, text: `run ${run} ended in error at ${at(end.time)} (transition ${end.seq}).` });
    else if (again) repeated.push({ time: again.time, text: `run ${run} was executed again from ${at(again.time)} on (transition ${again.seq}).` });
  }
  const lacksStreams = asked.size > 0 && streamed === 0;
  const text = {
    holds: `${ended} runs ended well in their first execution${asked.size > 0 ? `; ${streamed} of them wrote tokens while errors were injected` : ""}.`,
    nothing: others
      ? `${others.id} costs executions as well.`
      : lacksStreams
        ? "No run with tokens was under way while errors were injected."
        : "The audit trail saw no run end.",
  };
  const examined = lacksStreams ? 0 : ended;
  const numbers = { streamedThroughErrors: streamed };
  return judged(evidence, failed, repeated, (found) => conclude("transient errors absorbed", examined, inTime(found), text, numbers));
};

/** LG-6: errors that no repetition mends end a run in its first execution; runs that end so have to be seen. */
export const permanentErrorsFinal: Checker = (evidence) => {
  const others = injectionsOf(evidence.faults).find(({ fault }) => fault !== injectedErrors);
  const repeated: Counterexample[] = [];
  let runs = 0;
  let failed = 0;
  for (const [run, transitions] of others ? [] : trailOf(evidence.transitions)) {
    const again = transitions.filter(isClaim)[1];
    runs++;
    if (again) repeated.push({ time: again.time, text: `run ${run} was executed again from ${at(again.time)} on (transition ${again.seq}).` });
    else if (transitions.some(({ to }) => to === "error")) failed++;
  }
  const text = {
    holds: `${failed} of ${runs} runs ended in error in their first execution, and none was executed again.`,
    nothing: others ? `${others.id} costs executions as well.` : "No run ended in error.",
  };
  const examined = failed > 0 ? runs : 0;
  const numbers = { runs, endedInError: failed, executedAgain: repeated.length };
  return judged(evidence, [], repeated, (found) => conclude("permanent errors are final", examined, inTime(found), text, numbers));
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
