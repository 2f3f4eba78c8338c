/** LG-5, HA-2: an idempotency key makes one run, however often its create is sent. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime } from "./judge.ts";
import { textField } from "./trail.ts";

/** Acknowledged creates with the same key name the same run, and one run never belongs to two keys. Creates without a key are left out. */
export const idempotentCreates: Checker = (evidence) => {
  const runOfKey = new Map<string, { readonly run: string; readonly first: Operation }>();
  const keyOfRun = new Map<string, { readonly key: string; readonly first: Operation }>();
  const found: Counterexample[] = [];
  let examined = 0;
  for (const operation of evidence.operations) {
    const { key } = operation;
    const run = textField(operation.output, "run");
    if (operation.f !== "create" || operation.outcome !== "ok" || key === "" || run === "") continue;
    examined++;
    const made = runOfKey.get(key) ?? { run, first: operation };
    runOfKey.set(key, made);
    const owner = keyOfRun.get(run) ?? { key, first: operation };
    keyOfRun.set(run, owner);
    const time = operation.completedAt;
    if (made.run !== run) {
      found.push({
        time,
        text: `the key ${key} made run ${made.run} and run ${run} (operations ${made.first.index}, ${operation.index}, at ${at(time)}).`,
      });
    }
    if (owner.key !== key) {
      found.push({
        time,
        text: `run ${run} was given to the keys ${owner.key} and ${key} (operations ${owner.first.index}, ${operation.index}, at ${at(time)}).`,
      });
    }
  }
  const text = {
    holds: `${examined} acknowledged creates with ${runOfKey.size} keys made ${keyOfRun.size} runs, one for each key.`,
    nothing: "No create with a key was acknowledged.",
  };
  return conclude("one run for each key", examined, inTime(found), text, { creates: examined, keys: runOfKey.size });
};
