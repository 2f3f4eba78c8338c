/** AB-23: an answer that takes long arrives: neither the balancer nor the server ends the wait before the work is done. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, ms } from "./judge.ts";

/** @param atLeastMs what takes less is no long answer and is not examined */
export function lateAnswersArrive({ atLeastMs }: { readonly atLeastMs: number }): Checker {
  return (evidence) => {
    const { faults, constants } = evidence;
    const found: Counterexample[] = [];
    let examined = 0;
    let slowest = 0;
    for (const { id, requestedAt: time, numbers } of seenBiting(faults, "await-answers")) {
      const { clients = 0, workMs = 0, early = 0, failed = 0, failedStatus = 0, failedAfterMs = 0, slowestMs = 0 } = numbers;
      if (workMs < atLeastMs) continue;
      examined += clients - early;
      slowest = Math.max(slowest, slowestMs);
      const how = failedStatus === 0 ? "without an answer" : `with the status ${failedStatus}`;
      if (failed > 0)
        found.push({
          time,
          until: time + failedAfterMs,
          text: `${failed} of ${clients} clients that asked for ${ms(workMs)} of work did not get its answer: the first was left ${how} after ${ms(failedAfterMs)} (${id} at ${at(time)}).`,
        });
    }
    const text = {
      holds: `All ${examined} answers arrived, the last after ${ms(slowest)}.`,
      nothing: `Nobody asked for work of ${ms(atLeastMs)}.`,
    };
    // Who stands still for as long as a handler may be silent has its work taken away, rightly, and begun again.
    const check = conclude("late answers arrive", examined, found, text, { slowestMs: slowest });
    return concludeBound(evidence, constants.heartbeatTimeoutMs ?? atLeastMs, check);
  };
}
