import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { seeded } from "../core/random.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { answeredSooner } from "./paired-latency.ts";

const judge = answeredSooner({ fast: "peek", slow: "read", during: "latency" });
const faults = injected("latency", "api->postgres", 0, 90_000);

/** Pairs of one client, a tenth of a second apart, the quick one first in every other. */
const pairs = (count: number, took: (i: number) => readonly [fast: number, slow: number]): Operation[] =>
  Array.from({ length: count }, (_, i) => {
    const [fast, slow] = took(i);
    const from = 100 + i * 100;
    const one = (index: number, f: string, invokedAt: number, ms: number) =>
      operation({ index, f, invokedAt, answeredAt: invokedAt + ms, process: "p" });
    return i % 2 === 0
      ? [one(2 * i, "peek", from, fast), one(2 * i + 1, "read", from + 40, slow)]
      : [one(2 * i, "read", from, slow), one(2 * i + 1, "peek", from + 40, fast)];
  }).flat();
const judged = (operations: readonly Operation[], more = {}) => judge(evidence({ operations, faults, ...more }));

test("the quick way has to be quicker", () => {
  expect(judged(pairs(200, () => [2, 20]))).toMatchObject({ verdict: "holds", examined: 200, numbers: { fastP50Ms: 2, slowP50Ms: 20 } });
  expect(judged(pairs(200, (i) => (i % 4 < 2 ? [20, 21] : [21, 20]))).summary).toContain("in 100 of 200 pairs peek was answered sooner than read");
  expect(judged(pairs(200, () => [30, 20])).verdict).toBe("violated");
});

test("in between, nobody knows", () => {
  expect(judged(pairs(200, (i) => (i % 20 < 11 ? [10, 30] : [40, 30]))).verdict).toBe("inconclusive");
  expect(judged(pairs(200, () => [20, 20])).verdict).toBe("inconclusive");
});

test("on processors without time left the way is lost in the wait, and one that had none for a moment excuses nothing", () => {
  const alike = pairs(200, (i) => (i % 4 < 2 ? [320, 321] : [321, 320]));
  const busy = (until: number) =>
    Array.from({ length: 48 }, (_, i) => sample(i * 500, "machine", { processorTicks: 100, busyTicks: i * 500 < until ? 99 : 60 }));
  expect(judged(alike, { samples: busy(30_000) }).verdict).toBe("inconclusive");
  expect(judged(alike, { samples: busy(5000) }).verdict).toBe("violated");
});

test("too few pairs, pairs at other times, and unanswered ones prove nothing", () => {
  expect(judged(pairs(99, () => [30, 20])).verdict).toBe("inconclusive");
  expect(
    judged(
      pairs(200, () => [30, 20]),
      { faults: [] },
    ).verdict,
  ).toBe("inconclusive");
  const unanswered = pairs(200, () => [30, 20]).map((one) => ({ ...one, outcome: one.f === "read" ? ("info" as const) : one.outcome }));
  expect(judged(unanswered).verdict).toBe("inconclusive");
  expect(judge(evidence()).verdict).toBe("inconclusive");
});

test("a way that is quicker is never accused, however noisy; one that is the same always is", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 2, max: 10 }), (seed, times) => {
      const random = seeded(seed);
      const noisy = (): number => 5 + 30 * random.next() ** 3;
      expect(judged(pairs(400, () => [noisy(), noisy() * times])).verdict).not.toBe("violated");
      expect(
        judged(pairs(400, (i) => (i % 2 === 0 ? [20, 21] : [21, 20]).map((ms) => ms + noisy() / 100) as unknown as [number, number])).verdict,
      ).toBe("violated");
    }),
    { numRuns: 60 },
  );
});
