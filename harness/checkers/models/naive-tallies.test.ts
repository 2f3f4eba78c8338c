import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, Operation, Outcome } from "../../core/history.ts";
import { type Random, seeded } from "../../core/random.ts";
import { inAnyOrder } from "../elle/fixtures.ts";
import { executions } from "../executions.ts";
import { operation } from "../fixtures.ts";
import { naively } from "../naive-tallies.ts";
import counterBounds from "./counter-bounds.ts";
import set from "./set.ts";
import setFull from "./set-full.ts";
import totalQueue from "./total-queue.ts";
import uniqueIds from "./unique-ids.ts";

const few = (random: Random): number => random.integer(0, 3);
const some = (random: Random): readonly number[] => Array.from({ length: random.integer(0, 4) }, () => few(random));
const calls: Readonly<Record<string, (random: Random) => readonly [f: string, input: Json, output: Json]>> = {
  totalQueue: (random) => (random.next() < 0.5 ? ["enqueue", few(random), null] : ["dequeue", null, few(random)]),
  uniqueIds: (random) => ["generate", null, random.integer(0, 20)],
  set: (random) => (random.next() < 0.6 ? ["add", few(random), null] : ["read", null, [...new Set(some(random))]]),
  setFull: (random) =>
    random.next() < 0.6 ? ["add", few(random), null] : ["read", null, random.next() < 0.9 ? [...new Set(some(random))] : some(random)],
  counterBounds: (random) => (random.next() < 0.6 ? ["add", random.integer(-2, 3), null] : ["read", null, random.integer(-3, 5)]),
};

/** Anything may be answered; times are small whole numbers, often equal, but for reads, which begin one after another. */
function anything(name: string, random: Random): Operation[] {
  return Array.from({ length: random.integer(1, 8) }, (_, index) => {
    const [f, input, output] = (calls[name] as (typeof calls)[string])(random);
    const invokedAt = f === "read" ? 2 * index + 0.5 : random.integer(0, 16);
    const outcome = random.pick<Outcome>(["ok", "ok", "ok", "info", "fail"]);
    return operation({
      index,
      process: `p${index}`,
      f,
      input,
      output: outcome === "ok" ? output : null,
      invokedAt,
      answeredAt: invokedAt + random.integer(0, 8),
      outcome,
    });
  });
}

test.each(Object.entries({ totalQueue, uniqueIds, set, setFull, counterBounds }))(
  "%s refuses what is wrong element by element, and nothing else",
  (name, model) => {
    let wrong = 0;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const history = anything(name, seeded(seed));
        const expected = naively[name]?.(history) === true;
        if (expected) wrong++;
        const { valid, anomalies } = inAnyOrder(model, history, {}, seeded(seed, "order"));
        if ((valid === false) !== expected)
          throw new Error(`${valid} (${anomalies[0]?.text}) where ${expected ? "wrong" : "right"} is known: ${JSON.stringify(history)}`);
      }),
      { numRuns: executions },
    );
    expect(wrong).toBeGreaterThan(executions / 20);
    expect(executions - wrong).toBeGreaterThan(executions / 20);
  },
);
