import fc from "fast-check";
import { expect, test } from "vitest";
import { ascending, buckets, firstNotBelow, largest, median, quantile, sum } from "./stats.ts";

test("quantiles are type 7", () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
  expect(quantile([10, 20], 0.95)).toBeCloseTo(19.5);
  expect(quantile([7], 0.99)).toBe(7);
  expect(quantile([1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.9)).toBe(Number.POSITIVE_INFINITY);
  expect(quantile([], 0.5)).toBeNaN();
  expect(median([3, 1, 2])).toBe(2);
});

test("sums, largest and buckets", () => {
  expect(sum([1, 2, 3])).toBe(6);
  expect(largest([])).toBe(Number.NEGATIVE_INFINITY);
  expect(largest([1, 5, 2])).toBe(5);
  expect(buckets([0, 99, 100, 250, -1, 300], 0, 100, 3)).toEqual([2, 1, 1]);
});

test("a quantile lies between its neighbours and the search agrees with counting", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
      const sorted = ascending(values);
      const value = quantile(values, q);
      expect(value).toBeGreaterThanOrEqual(sorted[0] as number);
      expect(value).toBeLessThanOrEqual(sorted[sorted.length - 1] as number);
      expect(firstNotBelow(sorted, value)).toBe(sorted.filter((one) => one < value).length);
    }),
  );
});
