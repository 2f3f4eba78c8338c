import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Random, seeded } from "../core/random.ts";
import { changePoints, leastNights } from "./change-points.ts";
import { normal } from "./testing/normal.ts";

const nights = (count: number, of: (night: number, random: Random) => number, seed = 1): number[] => {
  const random = seeded(seed, "nights");
  return Array.from({ length: count }, (_, night) => of(night, random));
};

describe("change points of a nightly series", () => {
  it("no verdict before thirty nights, however large the step", () => {
    expect(
      changePoints(
        nights(leastNights - 1, (night) => (night < 15 ? 100 : 10)),
        seeded(1),
      ),
    ).toBeNull();
    expect(changePoints([], seeded(1))).toBeNull();
  });

  it("a step of 10 % in noise of 3 % is found where it is", () => {
    const [found, ...more] = changePoints(
      nights(40, (night, random) => (night < 25 ? 100 : 90) * (1 + 0.03 * normal(random))),
      seeded(1),
    ) as [{ at: number; before: number; after: number; p: number }];
    expect(more).toEqual([]);
    expect(Math.abs(found.at - 25)).toBeLessThanOrEqual(1);
    expect(found.before).toBeGreaterThan(97);
    expect(found.after).toBeLessThan(93);
    expect(found.p).toBeLessThanOrEqual(0.01);
  });

  it("two steps, with the medians between them", () => {
    const found = changePoints(
      nights(90, (night, random) => (night < 30 ? 100 : night < 60 ? 120 : 80) * (1 + 0.02 * normal(random))),
      seeded(1),
    );
    expect(found?.map(({ at }) => at)).toEqual([30, 60]);
    expect(found?.map(({ before, after }) => [Math.round(before / 10), Math.round(after / 10)])).toEqual([
      [10, 12],
      [12, 8],
    ]);
  });

  it("one bad night is no change", () => {
    expect(
      changePoints(
        nights(40, (night, random) => (night === 20 ? 1000 : 100) * (1 + 0.02 * normal(random))),
        seeded(1),
      ),
    ).toEqual([]);
  });

  it("equal nights are no change", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.integer({ min: leastNights, max: 60 }), (value, count) => {
        expect(changePoints(new Array<number>(count).fill(value), seeded(1))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  // The level is 1 in 100 for a series: 1000 series make 10, and more than 20 twice in a thousand times.
  it.each([
    ["normal", (_night: number, random: Random) => 100 + 5 * normal(random)],
    ["heavy-tailed", (_night: number, random: Random) => 100 + Math.exp(2 * normal(random))],
  ])(
    "of 1000 series without a change at most 20 are called changed: %s noise",
    (_what, of) => {
      let called = 0;
      for (let seed = 0; seed < 1000; seed++) if ((changePoints(nights(leastNights, of, seed), seeded(seed)) ?? []).length > 0) called++;
      expect(called).toBeLessThanOrEqual(20);
    },
    120_000,
  );

  it("of 40 series with a step of three times the noise at least 36 are called changed", () => {
    let called = 0;
    for (let seed = 0; seed < 40; seed++) {
      const series = nights(36, (night, random) => (night < 24 ? 100 : 106) + 2 * normal(random), seed);
      if ((changePoints(series, seeded(seed)) ?? []).length > 0) called++;
    }
    expect(called).toBeGreaterThanOrEqual(36);
  });
});
