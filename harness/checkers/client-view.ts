/** LG-5: what clients were told agrees with what happened. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime, toleranceMs } from "./judge.ts";
import { acknowledgedRuns, endOf, field, isTerminal, textField, trailOf } from "./trail.ts";

const reads = new Set(["get", "wait", "cancel"]);
/** Who is told by these that there is no such run is told it of a run. */
const asks = new Set([...reads, "stream"]);

const tellsSteps = ({ output }: Operation): boolean => output !== null && typeof output === "object" && "steps" in output;

/**
 * A client that was told a run's end was told the end that the audit trail has by then, and of a success the result of all the steps that were asked for, where answers tell of
 * `steps`; and once somebody was told an end, nobody who asks later is told that the run goes on, nor once it was acknowledged that there is no such run (404).
 */
export const clientView: Checker = (evidence) => {
  const trail = trailOf(evidence.transitions);
  const wanted = acknowledgedRuns(evidence.operations);
  const found: Counterexample[] = [];
  const byRun = new Map<string, Operation[]>();
  let examined = 0;
  for (const operation of evidence.operations) {
    const create = asks.has(operation.f) && operation.error === "status 404" ? wanted.get(operation.key) : undefined;
    if (create && create.completedAt < operation.invokedAt) {
      const text = `run ${operation.key}, acknowledged at ${at(create.completedAt)}, was unknown to ${operation.process}, who asked at ${at(operation.invokedAt)} (operations ${create.index}, ${operation.index}).`;
      found.push({ time: operation.answeredAt, text });
    }
    if (operation.outcome !== "ok" || !reads.has(operation.f) || typeof field(operation.output, "status") !== "string") continue;
    const run = textField(operation.output, "run") || textField(operation.input, "run") || operation.key;
    if (run === "") continue;
    examined++;
    const same = byRun.get(run);
    if (same) same.push(operation);
    else byRun.set(run, [operation]);
  }
  for (const [run, operations] of byRun) {
    const end = endOf(trail.get(run));
    const told = operations.filter((operation) => isTerminal(textField(operation.output, "status"))).sort((a, b) => a.completedAt - b.completedAt);
    const first = told[0];
    if (first === undefined) continue;
    const asked = textField(wanted.get(run)?.input ?? null, "steps");
    for (const operation of told) {
      const status = textField(operation.output, "status");
      const steps = textField(operation.output, "steps");
      if (status === "success" && tellsSteps(operation) && asked !== "" && steps !== asked) {
        const text = `run ${run} was reported to ${operation.process} at ${at(operation.completedAt)} with the result of ${steps || "no"} steps, and it was asked for ${asked} (operation ${operation.index}).`;
        found.push({ time: operation.completedAt, text });
      }
      const truth =
        end?.to ??
        (trail.size > 0 && operation.completedAt + toleranceMs(evidence) <= evidence.endsAt ? "not finished" : textField(first.output, "status"));
      if (status === truth) {
        // The trail is told by another clock than the client's.
        if (end === undefined || end.time <= operation.completedAt + 2 * evidence.deltaMs + toleranceMs(evidence)) continue;
        const text = `run ${run} was reported as ${status} to ${operation.process} at ${at(operation.completedAt)}, and became so only at ${at(end.time)} (operation ${operation.index}, transition ${end.seq}).`;
        found.push({ time: operation.completedAt, text });
        continue;
      }
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
