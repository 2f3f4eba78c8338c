import fc from "fast-check";
import { expect, test } from "vitest";
import { chiSquareOfEqual, chiSquareSurvival } from "./chi-square.ts";

test.each([
  // Critical values as printed in tables (Abramowitz and Stegun, table 26.8; NIST/SEMATECH handbook, 1.3.6.7.4).
  [1, 0.05, 3.841],
  [1, 0.001, 10.828],
  [2, 0.01, 9.21],
  [3, 0.95, 0.352],
  [5, 0.05, 11.07],
  [10, 0.001, 29.588],
  [30, 0.99, 14.953],
  [100, 0.05, 124.342],
])("%i degrees of freedom exceed at %f", (degrees, probability, critical) => {
  expect(chiSquareSurvival(critical, degrees) / probability).toBeCloseTo(1, 2);
});

test("even degrees of freedom have a closed form, which is a sum of Poisson probabilities", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.001, max: 200, noNaN: true }), (pairs, x) => {
      let term = Math.exp(-x / 2);
      let closed = term;
      for (let i = 1; i < pairs; i++) {
        term *= x / 2 / i;
        closed += term;
      }
      const got = chiSquareSurvival(x, 2 * pairs);
      expect(Math.abs(got - closed)).toBeLessThan(1e-9);
      if (closed < 0.1) expect(got / closed).toBeCloseTo(1, 8);
    }),
  );
});

test("it falls in x and rises with the degrees, from 1", () => {
  expect(chiSquareSurvival(0, 3)).toBe(1);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0.01, max: 90, noNaN: true }), (degrees, x) => {
      const here = chiSquareSurvival(x, degrees);
      expect(chiSquareSurvival(x * 1.01, degrees)).toBeLessThanOrEqual(here + 1e-12);
      expect(chiSquareSurvival(x, degrees + 1)).toBeGreaterThanOrEqual(here - 1e-12);
    }),
  );
});

test("Pearson's statistic of equal expectations; 0 for none", () => {
  expect(chiSquareOfEqual([10, 10, 10])).toBe(0);
  expect(chiSquareOfEqual([5, 15])).toBe(5);
  expect(chiSquareOfEqual([])).toBe(0);
});
