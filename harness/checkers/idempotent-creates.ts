/** LG-5, HA-2, FR-9: an idempotency key makes one run, however often its create is sent. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { assume, at, inTime } from "./judge.ts";
import { textField } from "./trail.ts";

const asked = ({ input }: Operation): string => JSON.stringify(input);

/**
 * Acknowledged creates with the same key asked for the same and name the same run, and one run never belongs to two keys. Creates without a key are left out; where others are
 * told of their runs, one that is told of none has been cheated.
 */
export const idempotentCreates: Checker = (evidence) => {
  const runOfKey = new Map<string, { readonly run: string; readonly first: Operation }>();
  const keyOfRun = new Map<string, { readonly key: string; readonly first: Operation }>();
  const found: Counterexample[] = [];
  const nameless: Counterexample[] = [];
  let examined = 0;
  for (const operation of evidence.operations) {
    const { key } = operation;
    const run = textField(operation.output, "run");
    if (operation.f !== "create" || operation.outcome !== "ok" || key === "") continue;
    if (run === "") {
      const text = `the create of the key ${key} was acknowledged and told of no run (operation ${operation.index}, at ${at(operation.completedAt)}).`;
      nameless.push({ time: operation.completedAt, text });
      continue;
    }
    examined++;
    const made = runOfKey.get(key) ?? { run, first: operation };
    runOfKey.set(key, made);
    const owner = keyOfRun.get(run) ?? { key, first: operation };
    keyOfRun.set(run, owner);
    const time = operation.completedAt;
    if (asked(made.first) !== asked(operation)) {
      found.push({
        time,
        text: `the key ${key} was accepted with two bodies, ${asked(made.first)} and ${asked(operation)} (operations ${made.first.index}, ${operation.index}, at ${at(time)}).`,
      });
    }
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
  return conclude("one run for each key", examined, inTime(examined > 0 ? [...found, ...nameless] : found), text, {
    creates: examined,
    keys: runOfKey.size,
  });
};

/** FR-9: keys were sent again to another instance and answered there, and were refused with another body: without that, nothing was tried. */
export const keysSentAgain: Checker = (evidence) => {
  const byKey = Map.groupBy(
    evidence.operations.filter(({ f, key }) => f === "create" && key !== ""),
    ({ key }) => key,
  );
  let elsewhere = 0;
  let refused = 0;
  for (const creates of byKey.values()) {
    const accepted = creates.filter(({ outcome }) => outcome === "ok");
    if (new Set(accepted.map(({ by }) => by)).size > 1) elsewhere++;
    const first = accepted[0];
    if (first) refused += creates.filter((create) => create.served === "shed" && asked(create) !== asked(first)).length;
  }
  const text = {
    holds: `${elsewhere} keys were accepted by more than one instance, and ${refused} times a key was refused with another body.`,
    nothing: "No key was both answered by two instances and refused with another body.",
  };
  return assume("keys sent again", Math.min(elsewhere, refused), [], text, { keysElsewhere: elsewhere, bodiesRefused: refused });
};
