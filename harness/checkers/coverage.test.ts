import fc from "fast-check";
import { expect, test } from "vitest";
import type { Outcome } from "../core/history.ts";
import { coverageOf } from "./coverage.ts";
import { enough } from "./enough.ts";
import { evidence, injected, operation } from "./fixtures.ts";

const none = { ok: 0, fail: 0, info: 0 };
const at = (invokedAt: number, f: string, outcome: Outcome = "ok") => operation({ f, invokedAt, outcome });

test("operations are counted by fault, kind, phase and outcome, at the moment they were wanted", () => {
  const faults = injected("kill", "queue-1", 10_000, 14_000);
  const operations = [
    ...[at(1000, "create"), at(9000, "create", "fail"), at(9999, "create"), at(10_000, "create", "info"), at(15_000, "create"), at(15_020, "create")],
    ...[at(25_000, "wait"), at(25_020, "wait"), at(25_019, "wait", "fail")],
  ];
  expect(coverageOf(operations, faults, true)).toEqual([
    {
      ...{ injection: "kill#1", fault: "kill", on: "queue-1", operation: "create", least: 20 },
      ...{ before: { ok: 2, fail: 1, info: 0 }, during: { ok: 1, fail: 0, info: 1 }, after: { ok: 1, fail: 0, info: 0 } },
    },
    {
      ...{ injection: "kill#1", fault: "kill", on: "queue-1", operation: "wait", least: 20 },
      ...{ before: none, during: none, after: { ok: 1, fail: 1, info: 0 } },
    },
  ]);
});

test("nothing is needed of a sideshow, of a change of the topology, and where the experiment needs nothing", () => {
  const many = Array.from({ length: 100 }, (_, i) => at(i * 100, "create"));
  const least = (faults: ReturnType<typeof injected>, needed: boolean) =>
    coverageOf([...many, at(1, "cancel")], faults, needed).map((row) => [row.operation, row.least]);
  expect(least(injected("kill", "queue-1", 3000, 4000), true)).toEqual([
    ["create", 20],
    ["cancel", 0],
  ]);
  expect(least(injected("scale", "queue", 3000, 4000), true)).toEqual([
    ["create", 0],
    ["cancel", 0],
  ]);
  expect(least(injected("kill", "queue-1", 3000, 4000), false)[0]).toEqual(["create", 0]);
  expect(coverageOf([], injected("kill", "queue-1", 3000, 4000), true)).toEqual([]);
  expect(coverageOf(many, [], true)).toEqual([]);
});

test("a fault that never healed lasts to the end, and nothing comes after it", () => {
  const faults = injected("kill", "queue-1", 1000, 2000).filter(({ phase }) => phase !== "healed");
  const [row] = coverageOf([at(500, "create"), at(90_000, "create")], faults, true);
  expect(row).toMatchObject({ before: { ok: 1 }, during: { ok: 1 }, after: none });
});

test("a cell that is needed and too empty makes the experiment's assumption fail, and nothing else in the matrix does", () => {
  const outcome = fc.constantFrom<Outcome>("ok", "ok", "ok", "fail", "info");
  const some = fc.array(fc.record({ f: fc.constantFrom("create", "wait"), invokedAt: fc.integer({ min: 0, max: 40_000 }), outcome }), {
    minLength: 1,
    maxLength: 400,
  });
  fc.assert(
    fc.property(some, fc.integer({ min: 1000, max: 20_000 }), fc.integer({ min: 100, max: 9000 }), (given, from, forMs) => {
      const faults = injected("kill", "queue-1", from, from + forMs);
      const operations = given.map((one) => operation(one));
      const cells = coverageOf(operations, faults, true).flatMap(({ before, during, after, least }) =>
        [before, during, after].map(({ ok }) => ok < least),
      );
      const check = enough({ operations: 0, perFault: 1 })(evidence({ operations, faults }));
      const kinds = check.counterexamples.filter(({ text }) => text.includes("succeeded"));
      expect(cells.includes(true)).toBe(check.verdict === "inconclusive" && (kinds.length > 0 || check.count > 3));
    }),
  );
});
