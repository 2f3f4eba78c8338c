import fc from "fast-check";
import { expect, test } from "vitest";
import { seeded } from "./random.ts";
import { stretches, trendOf } from "./trend.ts";

const hours = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test("Sen's own example of 1968: the slope is 4 and the interval spans it", () => {
  // The seven points of the paper, too few for an interval here, three times over with equal errors.
  const times = [1, 2, 3, 4, 10, 12, 18];
  const values = [9, 15, 19, 20, 45, 55, 78];
  expect(trendOf(times, values)).toBeNull();
  const tripled = [0, 1, 2].flatMap((i) => times.map((time) => time + 20 * i));
  const trend = trendOf(
    tripled,
    [0, 1, 2].flatMap((i) => values.map((value) => value + 80 * i)),
  );
  expect(trend?.slope).toBeCloseTo(4, 0);
  expect(trend && trend.low <= 4 && 4 <= trend.high).toBe(true);
});

test("a straight line is found exactly, whatever a tenth of wild readings says", () => {
  fc.assert(
    fc.property(fc.integer({ min: -50, max: 50 }), fc.nat(), (slope, seed) => {
      const random = seeded(seed);
      const values = hours(40).map((time) => slope * time);
      for (let i = 0; i < 4; i++) values[random.integer(0, 39)] = random.integer(-1e6, 1e6);
      const trend = trendOf(hours(40), values);
      expect(trend?.slope).toBeCloseTo(slope, 6);
      expect(trend && trend.low <= slope + 1e-9 && slope - 1e-9 <= trend.high).toBe(true);
    }),
  );
});

test("the interval of noise holds its true slope nearly always", () => {
  let missed = 0;
  for (let seed = 0; seed < 400; seed++) {
    const random = seeded(seed);
    const trend = trendOf(
      hours(20),
      hours(20).map((time) => 3 * time + 10 * (random.next() + random.next() - 1)),
    );
    if (trend && (trend.low > 3 || trend.high < 3)) missed++;
  }
  expect(missed).toBeLessThanOrEqual(12); // 1 % are 4
});

test("readings are summed up by stretch", () => {
  expect(stretches([0, 1, 2, 9, 10], [5, 7, 6, 1, 3], 2)).toEqual({ times: [1, 9.5], values: [6, 2] });
  expect(stretches([], [], 3)).toEqual({ times: [], values: [] });
  expect(stretches([4, 4], [1, 3], 2)).toEqual({ times: [4], values: [2] });
});
