import fc from "fast-check";
import { expect, test } from "vitest";
import { overRepeats } from "./repeats.ts";

test("each figure has its own distribution, over the repeats that measured it", () => {
  const figures = overRepeats([{ timeToSteadyMs: 1000, only: 3 }, { timeToSteadyMs: 3000 }, { timeToSteadyMs: 2000, broken: Number.NaN }]);
  expect(figures.get("timeToSteadyMs")).toEqual({ count: 3, least: 1000, p50: 2000, p95: 2900, most: 3000 });
  expect(figures.get("only")).toMatchObject({ count: 1, least: 3, p50: 3, most: 3 });
  expect(figures.has("broken")).toBe(false);
  expect(overRepeats([]).size).toBe(0);
});

test("the order of the repeats does not matter, and quantiles lie in order between the ends", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 30 }), (values) => {
      const one = overRepeats(values.map((value) => ({ value }))).get("value");
      const other = overRepeats(values.toReversed().map((value) => ({ value }))).get("value");
      expect(one).toEqual(other);
      expect([one?.least, one?.p50, one?.p95, one?.most]).toEqual(
        [one?.least, one?.p50, one?.p95, one?.most].toSorted((a, b) => Number(a) - Number(b)),
      );
    }),
  );
});
