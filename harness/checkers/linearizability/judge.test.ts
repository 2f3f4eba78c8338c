import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Json, Operation } from "../../core/history.ts";
import type { Model } from "../../core/model.ts";
import { type Random, seeded } from "../../core/random.ts";
import { executions, fewerExecutions } from "../executions.ts";
import { isLinearizable, options, simulate } from "./simulated.ts";
import { objects } from "./simulated-objects.ts";

const small = { operations: 6, clients: 3, lost: 0.2 };

const same = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);

/** One thing changed: an answer, or when an operation began or ended. Mostly that makes the history wrong. */
function damaged(operations: readonly Operation[], random: Random): Operation[] {
  const answered = operations.filter(({ outcome }) => outcome === "ok");
  if (answered.length === 0) return [...operations];
  const victim = random.pick(answered);
  // What an operation answers that only repeats its input is not judged.
  const output = same(victim.input, victim.output) ? victim.output : random.pick(answered.filter(({ f }) => f === victim.f)).output;
  const invokedAt = random.integer(0, 20);
  const change = random.pick<Partial<Operation>>([{ output }, { output }, { invokedAt, completedAt: invokedAt + random.integer(0, 3) }]);
  return operations.map((operation) => (operation === victim ? { ...operation, ...change } : operation));
}

describe.each(objects.map(([model, object], i) => ({ model, object, i })))("$model ($i)", ({ model, object }) => {
  let judge: Model;
  beforeAll(async () => {
    judge = ((await import(`../models/${model}.ts`)) as { default: Model }).default;
  });

  test("a valid execution is never accused, in whatever order its lines come", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = seeded(seed);
        const operations = simulate(object, random, { operations: 14, clients: 4, lost: 0.1 });
        const { valid, anomalies } = judge.check(random.shuffle(operations), options);
        if (valid !== true) throw new Error(`${valid}: ${anomalies[0]?.text}`);
      }),
      { numRuns: executions },
    );
  });

  test("agrees with trying all orders, by its quickest algorithm and by the search over all keys", () => {
    const verdicts = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = seeded(seed);
        const operations = damaged(simulate(object, random, small), random);
        const truth = isLinearizable(object, operations);
        verdicts[truth ? "right" : "wrong"]++;
        expect(judge.check(operations, options).valid).toBe(truth);
        expect(judge.check(operations, { ...options, partition: false }).valid).toBe(truth);
      }),
      { numRuns: fewerExecutions },
    );
    expect(Math.min(verdicts.right, verdicts.wrong)).toBeGreaterThan(fewerExecutions / 200);
  });

  test("names operations of the history where it accuses", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = seeded(seed);
        const operations = damaged(simulate(object, random, small), random);
        const { valid, anomalies } = judge.check(operations, options);
        expect(anomalies.length > 0).toBe(valid === false);
        for (const anomaly of anomalies) {
          expect(anomaly.text).toMatch(/^[A-Z].*\.$/s);
          expect(anomaly.operations.length).toBeGreaterThan(0);
          for (const index of anomaly.operations) expect(anomaly.text).toContain(`peration ${index} (`);
        }
      }),
      { numRuns: Math.ceil(fewerExecutions / 10) },
    );
  });

  test("a valid history stays valid when a read is removed", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = seeded(seed);
        const operations = simulate(object, random, { operations: 14, clients: 4, lost: 0.1 });
        const reads = operations.filter((one) => judge.removals?.reads?.(one));
        if (reads.length === 0) return;
        const removed = random.pick(reads);
        const left = operations.filter((one) => one !== removed);
        expect(judge.check(left, options).valid).toBe(true);
      }),
      { numRuns: fewerExecutions },
    );
  });

  test("an empty history shows nothing", () => {
    expect(judge.check([], options)).toMatchObject({ valid: "unknown", operations: 0, anomalies: [] });
  });
});
