import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, Operation } from "../core/history.ts";
import { seeded } from "../core/random.ts";
import { evidence, operation } from "./fixtures.ts";
import { oneContent } from "./one-content.ts";

const checker = oneContent({ write: "put", read: "look", content: "n" });
const put = (n: number, version: number | null, invokedAt: number, given: Partial<Operation> = {}): Operation =>
  operation({ f: "put", key: "a", input: { n }, output: version === null ? null : { version }, invokedAt, ...given });
const look = (version: number, n: Json, invokedAt: number): Operation =>
  operation({ f: "look", key: "a", output: { version, n }, invokedAt, process: "p2" });
const unknown = { outcome: "info" } as const;
const verdictOf = (...operations: readonly Operation[]) => checker(evidence({ operations })).verdict;

test("what was written is shown, also while it is being written, and what nobody knows the end of may be", () => {
  expect(verdictOf(put(7, 1, 100), look(1, 7, 105), look(1, 7, 200), put(8, 2, 300), look(1, 7, 305), look(2, 8, 400))).toBe("holds");
  expect(verdictOf(put(7, 1, 100), put(8, null, 200, unknown), look(2, 8, 300), put(9, 3, 400), look(3, 9, 500))).toBe("holds");
});

test("a version that shows something else than was acknowledged as it is told with both operations", () => {
  const check = checker(evidence({ operations: [put(7, 1, 100), put(8, 2, 200), { ...look(2, 7, 300), index: 2 }] }));
  expect(check.verdict).toBe("violated");
  expect(check.counterexamples[0]?.text).toBe("version 2 of a was shown as 7 at 0.310 s, and it is 8 (operations 0, 2).");
});

test("what was shown and never committed is found when another write gets its number", () => {
  expect(verdictOf(put(7, 1, 100), put(8, null, 200, unknown), look(2, 8, 210), put(9, 2, 400))).toBe("violated");
  expect(verdictOf(put(7, 1, 100), put(8, null, 200, unknown), put(9, null, 201, unknown), look(2, 8, 210), look(2, 9, 400))).toBe("violated");
});

test("content that nobody wrote, that was written later, or that is missing", () => {
  expect(verdictOf(put(7, 1, 100), look(2, 9, 200))).toBe("violated");
  expect(verdictOf(put(7, 1, 100), look(2, 8, 200), put(8, null, 300, unknown))).toBe("violated");
  expect(verdictOf(put(7, 1, 100), look(1, null, 200))).toBe("violated");
  expect(verdictOf(put(7, null, 100, { outcome: "fail" }), put(8, 1, 200), look(2, 7, 300))).toBe("violated");
});

test("two writes with one version, and an answer that says something else than was written", () => {
  expect(verdictOf(put(7, 1, 100), put(8, 1, 200), look(1, 8, 300))).toBe("violated");
  expect(verdictOf(put(7, 1, 100, { output: { version: 1, n: 6 } }), look(1, 7, 300))).toBe("violated");
});

test("nothing read, or nothing there, is inconclusive", () => {
  expect([verdictOf(), verdictOf(put(7, 1, 100)), verdictOf(look(0, null, 200), put(7, 1, 100)), verdictOf(look(1, 7, 100))]).toEqual(
    new Array(4).fill("inconclusive"),
  );
});

test("a store behind a cache of any age is never accused, and a swapped content always", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = seeded(seed);
      const history: number[] = [];
      const operations: Operation[] = [];
      for (let i = 1; i < 30; i++) {
        const outcome = random.next() < 0.2 ? "info" : "ok";
        if (random.next() < 0.5) {
          if (outcome === "ok" || random.next() < 0.5) history.push(i);
          operations.push(put(i, outcome === "ok" ? history.length : null, 100 * i, { outcome }));
        } else if (history.length > 0) {
          const version = random.integer(1, history.length);
          operations.push(look(version, history[version - 1] ?? null, 100 * i));
        }
      }
      expect(verdictOf(...operations)).not.toBe("violated");
      const [acknowledged] = operations.filter(({ f, outcome }) => f === "put" && outcome === "ok");
      if (acknowledged) expect(verdictOf(...operations, look((acknowledged.output as { version: number }).version, 1000, 5000))).toBe("violated");
    }),
  );
});
