import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, Operation } from "../../core/history.ts";
import { type Random, seeded } from "../../core/random.ts";
import { fewerExecutions } from "../executions.ts";
import register from "../models/register.ts";
import { byKey } from "./groups.ts";
import { numbering } from "./numbering.ts";
import { options, type Simulated, simulate } from "./simulated.ts";
import { objects } from "./simulated-objects.ts";
import { nameOf } from "./values.ts";

const repeating = objects.find(([model]) => model === "register")?.[1] as Simulated<Json>;

/** Histories of registers, each under a key of its own, one of them perhaps wrong, and all of them mixed. */
function mixed(random: Random): { readonly parts: readonly (readonly Operation[])[]; readonly whole: readonly Operation[] } {
  // With unique values zones decide, else the search or what was overwritten.
  let written = 0;
  const unique: Simulated<Json> = { ...repeating, ask: () => (random.next() < 0.5 ? ["read", null] : ["write", written++]) };
  const parts = Array.from({ length: random.integer(2, 5) }, (_, key) => {
    const own = simulate(random.next() < 0.7 ? unique : repeating, random, { operations: random.integer(1, 8), clients: 3, lost: 0.1 });
    return own.map((operation) => ({
      ...operation,
      key: `k${key}`,
      output: operation.f === "read" && operation.outcome === "ok" && random.next() < 0.1 ? random.integer(-1, 1) : operation.output,
    }));
  });
  return { parts, whole: random.shuffle(parts.flat()).map((operation, index) => ({ ...operation, index })) };
}

test("many keys are judged as each alone is, and whom the text accuses are operations of the wrong keys", () => {
  let wrong = 0;
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { parts, whole } = mixed(seeded(seed));
      const guilty = parts.filter((part) => register.check(part, options).valid === false).map((part) => part[0]?.key);
      wrong += Math.min(1, guilty.length);
      const answer = register.check(whole, options);
      expect(answer.valid).toBe(guilty.length === 0);
      const accused = answer.anomalies.map(({ operations }) => [...new Set(operations.map((index) => whole[index]?.key))]);
      expect(accused.every((keys) => keys.length === 1)).toBe(true);
      expect(accused.flat().sort()).toEqual(guilty.sort());
    }),
    { numRuns: fewerExecutions },
  );
  expect(wrong).toBeGreaterThan(fewerExecutions / 20);
});

test("operations keep their order within a key", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { whole } = mixed(seeded(seed));
      const { names, starts, places, operations } = byKey(whole);
      for (const [key, name] of names.entries()) {
        const own = whole.filter((operation) => operation.key === name);
        expect(operations(key)).toEqual(own);
        expect(own.map((operation) => places[whole.indexOf(operation)])).toEqual(own.map((_, i) => (starts[key] as number) + i));
      }
      expect(starts[names.length]).toBe(whole.length);
    }),
    { numRuns: 200 },
  );
});

test("values have one number exactly if they are equal, of any kind and in any number, after any number of rounds", () => {
  const numbers = numbering();
  const value = fc.oneof(
    fc.integer({ min: -300, max: 300 }),
    fc.integer(),
    fc.constantFrom(0, -0, "0", "null", null, 2 ** 31, 0.5),
    fc.jsonValue({ maxDepth: 1 }),
  );
  fc.assert(
    fc.property(fc.array(value as fc.Arbitrary<Json>, { maxLength: 400 }), (values) => {
      numbers.clear();
      const known = new Map<string | number, number>();
      for (const one of values) {
        expect(numbers.find(one)).toBe(known.get(nameOf(one)) ?? -1);
        const number = known.get(nameOf(one)) ?? known.size;
        known.set(nameOf(one), number);
        expect(numbers.numberOf(one)).toBe(number);
      }
      expect(numbers.count()).toBe(known.size);
    }),
    { numRuns: 300 },
  );
});
