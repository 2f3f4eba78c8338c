import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../core/history.ts";
import type { Model } from "../../core/model.ts";
import { type Random, seeded } from "../../core/random.ts";
import { historyOf, inAnyOrder, type Line, options } from "../elle/fixtures.ts";
import { executions } from "../executions.ts";
import causalReverse from "./causal-reverse.ts";
import longFork from "./long-fork.ts";
import stats from "./stats.ts";

const done = (f: string, value: Json, output: Json = value, type: Line["type"] = "ok"): Line[] => [
  { type: "invoke", process: JSON.stringify([f, value, output]), f, value },
  { type, process: JSON.stringify([f, value, output]), f, value: output },
];
const both = (x: Json, y: Json, type: Line["type"] = "ok") =>
  done(
    "read",
    null,
    [
      ["r", "x", x],
      ["r", "y", y],
    ],
    type,
  );

test.each(Object.entries({ causalReverse, longFork, stats }))("%s: an empty history decides nothing", (_, model) => {
  expect(model.check([], options)).toMatchObject({ valid: "unknown", operations: 0 });
});

test("long-fork: reads that fit into one order hold, two that do not violate; an unknown one says nothing", () => {
  const check = (...lines: readonly Line[][]) => longFork.check(historyOf(lines.flat()), options);
  expect(check(both(null, null), both(1, null), both(1, 1)).valid).toBe(true);
  const answer = check(both(1, null), both(null, 1));
  expect(answer.anomalies).toEqual([
    {
      type: "long-fork",
      operations: [0, 1],
      text: 'operation 0 saw the write of "x" and not that of "y", operation 1 that of "y" and not that of "x".',
    },
  ]);
  expect(check(both(1, null), both(null, 1, "info"), both(1, 1)).valid).toBe(true);
  expect(check(both(1, null), both(2, null)).anomalies[0]?.type).toBe("rewritten");
});

test("causal-reverse: a write that is seen without one acknowledged before it violates; a concurrent or unknown one owes nothing", () => {
  const check = (...lines: readonly Line[][]) => causalReverse.check(historyOf(lines.flat()), options);
  expect(check(done("write", 1), done("write", 2), done("read", null, [1])).valid).toBe(true);
  const answer = check(done("write", 1), done("write", 2), done("read", null, [2]));
  expect(answer.anomalies[0]).toMatchObject({ type: "causal-reverse", operations: [0, 1, 2] });
  expect(check(done("write", 1, 1, "info"), done("write", 2), done("read", null, [2])).valid).toBe(true);
  const [begin, end] = done("write", 1) as [Line, Line];
  expect(check([begin], done("write", 2), [end], done("read", null, [2])).valid).toBe(true);
  // Written again after a lost answer: it may have been seen since the first time.
  expect(check(done("write", 2, 2, "info"), done("write", 1), done("write", 2), done("read", null, [2])).valid).toBe(true);
});

test("stats: every kind of operation has to succeed once", () => {
  const check = (...lines: readonly Line[][]) => stats.check(historyOf(lines.flat()), options).valid;
  expect(check(done("a", 1), done("a", 2, 2, "fail"))).toBe(true);
  expect(check(done("a", 1), done("b", 2, 2, "info"))).toBe(false);
});

/** Writes one after the other, and reads of the state between them. */
function correct(random: Random, read: (state: readonly number[]) => Json): Line[] {
  const state: number[] = [];
  return Array.from({ length: 20 }, (_, i) => {
    if (random.next() < 0.5) return done("read", i, read(state));
    state.push(i);
    return done("write", i);
  }).flat();
}

test("correct executions are never accused, and a planted anomaly is always found", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const registers = (state: readonly number[]): Json => Array.from({ length: 20 }, (_, key) => ["r", key, state.includes(key) ? 1 : null]);
      const forked = [...correct(seeded(seed), registers), ...[[1], [2]].flatMap((state, i) => done("read", 100 + i, registers(state)))];
      const valid = (model: Model, lines: readonly Line[]) => inAnyOrder(model, historyOf(lines), {}, seeded(seed, "order")).valid;
      expect(valid(longFork, forked.slice(0, -4))).not.toBe(false);
      expect(valid(longFork, forked)).toBe(false);
      const reversed = [...correct(seeded(seed), (state) => [...state]), ...done("write", 100), ...done("write", 101), ...done("read", 100, [101])];
      expect(valid(causalReverse, reversed.slice(0, -2))).not.toBe(false);
      expect(valid(causalReverse, reversed)).toBe(false);
    }),
    { numRuns: executions },
  );
});
