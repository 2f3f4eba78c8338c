/** LG-5: what clients were told agrees with what happened. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime, toleranceMs } from "./judge.ts";
import { field, isTerminal, textField, trailOf } from "./trail.ts";

const reads = new Set(["get", "wait", "cancel"]);

/**
 * A client that was told a run's end was told the end that the audit trail has; and once somebody was told an end, nobody who asks later is told that
 * the run goes on.
 */
export const clientView: Checker = (evidence) => {
  const trail = trailOf(evidence.transitions);
  const found: Counterexample[] = [];
  const byRun = new Map<string, Operation[]>();
  let examined = 0;
  for (const operation of evidence.operations) {
    if (operation.outcome !== "ok" || !reads.has(operation.f) || typeof field(operation.output, "status") !== "string") continue;
    const run = textField(operation.output, "run") || textField(operation.input, "run") || operation.key;
    if (run === "") continue;
    examined++;
    const same = byRun.get(run);
    if (same) same.push(operation);
    else byRun.set(run, [operation]);
  }
  for (const [run, operations] of byRun) {
    const end = trail.get(run)?.find((transition) => isTerminal(transition.to));
    const told = operations.filter((operation) => isTerminal(textField(operation.output, "status"))).sort((a, b) => a.completedAt - b.completedAt);
    const first = told[0];
    if (first === undefined) continue;
    for (const operation of told) {
      const status = textField(operation.output, "status");
      const truth =
        end?.to ??
        (trail.size > 0 && operation.completedAt + toleranceMs(evidence) <= evidence.endsAt ? "not finished" : textField(first.output, "status"));
      if (status === truth) continue;
      const source = end ? `transition ${end.seq}` : trail.size > 0 ? "the audit trail" : `operation ${first.index}`;
      const text = `run ${run} was reported as ${status} to ${operation.process} at ${at(operation.completedAt)}, but it was ${truth} (operation ${operation.index}, ${source}).`;
      found.push({ time: operation.completedAt, text });
    }
    for (const later of operations) {
      const status = textField(later.output, "status");
      if (isTerminal(status) || later.invokedAt - first.completedAt <= evidence.deltaMs) continue;
      const earlier = `${textField(first.output, "status")} had been reported at ${at(first.completedAt)}`;
      const text = `run ${run} was reported as ${status} to ${later.process}, who asked at ${at(later.invokedAt)}, after ${earlier} (operations ${first.index}, ${later.index}).`;
      found.push({ time: later.completedAt, text });
    }
  }
  const text = {
    holds: `All ${examined} answers about ${byRun.size} runs agree with the audit trail and with each other.`,
    nothing: "No client was told the state of a run.",
  };
  return conclude("clients see what happened", examined, inTime(found), text, { answers: examined, runsAskedFor: byRun.size });
};
