import { describe, expect, it } from "vitest";
import { requestCounter } from "./worker.ts";

describe("request counter (AB-12)", () => {
  const wornAfter = (maxRequests: number, jitter: number, random: () => number): number | undefined => {
    let worn: number | undefined;
    let n = 0;
    const count = requestCounter(
      maxRequests,
      jitter,
      () => {
        worn = n;
      },
      random,
    );
    for (n = 1; n <= maxRequests + jitter + 10; n++) count();
    return worn;
  };

  it("is worn between the limit and the limit plus the jitter, both included", () => {
    expect(wornAfter(1000, 100, () => 0)).toBe(1000);
    expect(wornAfter(1000, 100, () => 1 - Number.EPSILON)).toBe(1100);
    expect(wornAfter(1000, 0, () => 0.7)).toBe(1000);
  });

  it("spreads uniformly", () => {
    let state = 1;
    const random = (): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const seen = Array.from({ length: 4040 }, () => (wornAfter(10, 100, random) ?? 0) - 10);
    expect(new Set(seen).size).toBe(101);
    const mean = seen.reduce((sum, n) => sum + n, 0) / seen.length;
    expect(Math.abs(mean - 50)).toBeLessThan(2.5);
  });

  it("never is with the limit 0", () => expect(wornAfter(0, 100, () => 0)).toBe(undefined));
});
