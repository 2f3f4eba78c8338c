/**
 * Writes `histories.jsonl`, which `runproof check --self-test` judges on the user's machine: small histories of every linearizable object, from seeds, half of
 * them not valid. What each one is was found by trying every order, never by the checkers that are put to the test.
 *
 *     node harness/conformance/generate.ts
 */
import { writeFileSync } from "node:fs";
import { isLinearizable, type Simulated, simulate } from "../checkers/linearizability/simulated.ts";
import { objects } from "../checkers/linearizability/simulated-objects.ts";
import type { Json, Operation } from "../core/history.ts";
import { type Random, seeded } from "../core/random.ts";
import type { ConformanceCase } from "./case.ts";

const ofEachVerdict = 6;
const triesAtMost = 4000;

/** The file's text: the same on every machine. */
export function conformanceFile(): string {
  return objects
    .flatMap(([model, object], i) => casesOf(model, object, seeded(1, `${model}-${i}`)))
    .map((one, i) => `${JSON.stringify({ id: `${one.model}-${i}`, ...one })}\n`)
    .join("");
}

function casesOf(model: string, object: Simulated<Json>, random: Random): Omit<ConformanceCase, "id">[] {
  const cases: Omit<ConformanceCase, "id">[] = [];
  const missing = new Map([
    [true, ofEachVerdict],
    [false, ofEachVerdict],
  ]);
  for (let tries = 0; tries < triesAtMost && [...missing.values()].some((count) => count > 0); tries++) {
    const plan = { operations: random.integer(4, 8), clients: random.integer(2, 4), lost: 0.15 };
    const execution = simulate(object, random, plan);
    const operations = random.next() < 0.7 ? planted(execution, random) : execution;
    if (operations.filter(({ outcome }) => outcome === "ok").length < 3) continue;
    const valid = isLinearizable(object, operations);
    const left = missing.get(valid) ?? 0;
    if (left === 0) continue;
    missing.set(valid, left - 1);
    cases.push({ model, valid, history: linesOf(operations) });
  }
  return cases;
}

/** One answer exchanged for another's, or a refusal told as a success: often a violation, not always. */
function planted(operations: readonly Operation[], random: Random): readonly Operation[] {
  const isOk = ({ outcome }: Operation): boolean => outcome === "ok";
  const [changed] = random.shuffle(operations.filter((one) => one.outcome === "fail" || (isOk(one) && isQuestion(one.input))));
  const [other] = random.shuffle(operations.filter((one) => isOk(one) && one.f === changed?.f));
  if (!changed || !other) return operations;
  // Where an answer repeats what was asked, it is no news, and only a refusal can be changed.
  const output = isOk(changed) || isQuestion(other.input) ? other.output : changed.input;
  return operations.map((operation) => (operation === changed ? { ...operation, output, outcome: "ok" } : operation));
}

/** Whether the answer says more than that it was done. */
const isQuestion = (input: Json): boolean => input === null || (typeof input === "object" && !Array.isArray(input));

/** Our own JSON lines, in time; those of one process stay in their order where times are equal. */
function linesOf(operations: readonly Operation[]): Json[] {
  return operations
    .flatMap(({ process, f, input, output, outcome, served, invokedAt, answeredAt }) => [
      { type: "invoke", time: invokedAt, process, f, ...(input === null ? {} : { value: input }) },
      { type: outcome, time: answeredAt, process, f, served, ...(output === null ? {} : { value: output }) },
    ])
    .sort((a, b) => a.time - b.time);
}

if (import.meta.main) writeFileSync(new URL("histories.jsonl", import.meta.url), conformanceFile());
