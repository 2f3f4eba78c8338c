import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { seeded } from "../core/random.ts";
import { expectationsKept } from "./expectations-kept.ts";
import { evidence, operation } from "./fixtures.ts";

const checker = expectationsKept({ replace: ["set", "setBeside"], beside: "setBeside" });
const set = (key: string, version: number, made: number | null, given: Partial<Operation> = {}): Operation =>
  operation({ f: "set", key, input: { version }, output: made === null ? null : { version: made }, invokedAt: 100 * (made ?? 1), ...given });
const besides = (
  key: string,
  version: number,
  beside: string,
  besideVersion: number,
  made: number | null,
  given: Partial<Operation> = {},
): Operation => set(key, version, made, { f: "setBeside", input: { version, beside, besideVersion }, ...given });
const judged = (...operations: readonly Operation[]) => checker(evidence({ operations }));

test("one after the other holds", () => {
  expect(judged(set("a/x", 0, 1), besides("a/y", 0, "x", 1, 2), besides("a/x", 1, "y", 2, 3)).verdict).toBe("holds");
});

test("two that replace each one what the other relied on are told with both", () => {
  const check = judged(besides("a/x", 0, "y", 0, 1), besides("a/y", 0, "x", 0, 2, { index: 1 }));
  expect(check.verdict).toBe("violated");
  expect(check.summary).toContain("a/y was replaced at version 2 on the condition that a/x was still at version 0");
});

test("a replacement of what had been replaced, of another thing, and of unknown outcome", () => {
  expect(judged(set("a/x", 0, 1), set("a/x", 0, 2), besides("a/z", 0, "y", 0, 3)).verdict).toBe("violated");
  expect(judged(set("b/x", 0, 1), besides("a/y", 0, "x", 0, 2)).verdict).toBe("holds");
  expect(judged(set("a/x", 0, 1, { outcome: "info" }), besides("a/y", 0, "x", 0, 2)).verdict).toBe("holds");
});

test("without a condition about something else it is inconclusive", () => {
  expect([judged().verdict, judged(set("a/x", 0, 1)).verdict]).toEqual(["inconclusive", "inconclusive"]);
});

test("changes that do not say which version they made decide nothing", () => {
  expect(judged(besides("a/x", 0, "y", 0, null), besides("a/y", 0, "x", 0, null)).verdict).toBe("inconclusive");
});

test("a store that compares all versions is never accused", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = seeded(seed);
      const blocks: Record<string, number> = { x: 0, y: 0 };
      let version = 0;
      const operations: Operation[] = [];
      for (let i = 0; i < 40; i++) {
        const [label, other] = random.shuffle(["x", "y"]) as [string, string];
        const [own, beside] = [Math.max(0, (blocks[label] ?? 0) - random.integer(0, 1)), Math.max(0, (blocks[other] ?? 0) - random.integer(0, 1))];
        if (own !== blocks[label] || beside !== blocks[other]) continue;
        blocks[label] = ++version;
        operations.push(besides(`a/${label}`, own, other, beside, version, { outcome: random.next() < 0.1 ? "info" : "ok" }));
      }
      expect(judged(...operations).verdict).not.toBe("violated");
    }),
  );
});
