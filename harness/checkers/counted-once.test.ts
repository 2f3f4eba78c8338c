import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { seeded } from "../core/random.ts";
import { countedOnce } from "./counted-once.ts";
import { evidence, operation } from "./fixtures.ts";

const checker = countedOnce({ add: "add", read: "look" });
const add = (costKey: string, cost: number, version: number | null, invokedAt: number, given: Partial<Operation> = {}): Operation =>
  operation({ f: "add", key: "s", input: { costKey, cost }, output: version === null ? null : { version }, invokedAt, ...given });
const look = (version: number, cost: number, invokedAt: number): Operation =>
  operation({ f: "look", key: "s", output: { version, cost }, invokedAt });
const judged = (...operations: readonly Operation[]) => checker(evidence({ operations }));
const unknown = { outcome: "info" } as const;

test("an amount that is sent again is there once, from the version at which it was acknowledged", () => {
  expect(judged(add("a", 3, 1, 100), add("a", 3, 2, 200), look(1, 3, 300), look(2, 3, 400))).toMatchObject({ verdict: "holds", examined: 2 });
});

test("twice, and not at all, are told with what there should be", () => {
  expect(judged(add("a", 3, 1, 100), add("a", 3, 2, 200), look(2, 6, 300)).summary).toContain("shown with 6 at version 2");
  expect(judged(add("a", 3, 1, 100), add("a", 3, 1, 200), add("b", 2, 2, 250), look(2, 3, 300)).summary).toContain("5 had been acknowledged by then");
});

test("what nobody knows the end of may be counted, once", () => {
  const twice = [add("b", 1, null, 90, unknown), add("b", 1, null, 95, unknown)];
  expect(judged(...twice, add("a", 3, null, 100, unknown), look(1, 4, 300), look(1, 0, 310)).verdict).toBe("holds");
  expect(judged(...twice, add("a", 3, null, 100, unknown), look(1, 6, 300)).verdict).toBe("violated");
  expect(judged(add("a", 3, null, 500, unknown), look(1, 3, 300)).verdict).toBe("violated");
});

test("what was sent as the read was answered may be in it", () => {
  const repeated = [add("b", 1, 1, 10), add("b", 1, 1, 50)];
  expect(judged(...repeated, add("a", 3, null, 310, unknown), look(2, 4, 300)).verdict).toBe("holds");
  expect(judged(...repeated, add("a", 3, null, 311, unknown), look(2, 4, 300)).verdict).toBe("violated");
});

test("nothing read, or nothing sent again, is inconclusive", () => {
  expect([judged().verdict, judged(add("a", 3, 1, 100)).verdict, judged(add("a", 3, 1, 100), look(1, 3, 200)).verdict]).toEqual(
    new Array(3).fill("inconclusive"),
  );
});

test("a store that counts each key once is never accused", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = seeded(seed);
      const counted = new Map<number, number>();
      const history = [0];
      const operations: Operation[] = [];
      for (let i = 1; i < 40; i++) {
        const key = random.integer(1, 8);
        const happens = random.next() < 0.8;
        if (random.next() < 0.6) {
          if (happens && !counted.has(key)) {
            counted.set(key, key);
            history.push([...counted.values()].reduce((sum, one) => sum + one, 0));
          }
          const known = happens && random.next() < 0.8;
          operations.push(add(`k${key}`, key, known ? history.length - 1 : null, 100 * i, known ? {} : unknown));
        } else {
          const version = random.integer(0, history.length - 1);
          operations.push(look(version, history[version] ?? 0, 100 * i));
        }
      }
      expect(judged(...operations).verdict).not.toBe("violated");
    }),
  );
});
