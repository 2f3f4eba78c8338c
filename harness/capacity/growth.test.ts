import { describe, expect, it } from "vitest";
import { seeded } from "../core/random.ts";
import { carriesMore, judgeGrowth, linear } from "./growth.ts";
import { normal } from "./testing/normal.ts";
import type { Sized } from "./usl.ts";

const measured = (perSecond: (instances: number) => number, noise = 0.02, repeats = 4, seed = 1): Sized[] => {
  const random = seeded(seed, "growth");
  const rounds = Array.from({ length: repeats }, () => [1, 2, 4, 8]);
  return rounds.flat().map((instances) => ({ instances, perSecond: perSecond(instances) * (1 + noise * normal(random)) }));
};
const straight = (instances: number): number => 20 * instances;
const behindOneLock = (instances: number): number => (20 * instances) / (1 + 0.4 * (instances - 1));
const capped = (instances: number): number => 20 * Math.min(2, instances);

describe("linear growth (LG-4)", () => {
  it.each([
    ["a straight line", straight, "holds"],
    ["2 % short at eight", (n: number) => (20 * n) / (1 + 0.003 * (n - 1)), "holds"],
    ["everything behind one lock", behindOneLock, "violated"],
    ["a cap at two instances", capped, "violated"],
    ["10 % short at eight: on the bar", (n: number) => (20 * n) / (1 + 0.0159 * (n - 1)), "inconclusive"],
  ] as const)("%s", (_what, perSecond, verdict) => {
    expect(judgeGrowth(measured(perSecond), linear(0.1, []), seeded(2)).verdict).toBe(verdict);
  });

  it("tells both intervals and what was asked", () => {
    const { summary } = judgeGrowth(measured(behindOneLock), linear(0.1, []), seeded(2));
    expect(summary).toMatch(/^8 instances did 2\.\d\d times \(1\.\d\d to 2\.\d\d\) what 1 did; by the fitted law .* At least 7\.20 is asked for\.$/);
  });

  it("a shortfall with an excuse is inconclusive, linear growth with one holds", () => {
    const asked = linear(0.1, ["the cores were saturated"]);
    expect(judgeGrowth(measured(behindOneLock), asked, seeded(2))).toMatchObject({
      verdict: "inconclusive",
      summary: expect.stringMatching(/saturated/),
    });
    expect(judgeGrowth(measured(straight), asked, seeded(2)).verdict).toBe("holds");
  });

  it("accuses a straight line at most once in sixty data sets, whatever the noise", () => {
    let accused = 0;
    for (let seed = 0; seed < 60; seed++)
      if (judgeGrowth(measured(straight, 0.02 + 0.003 * (seed % 50), 3, seed), linear(0.1, []), seeded(seed)).verdict === "violated") accused++;
    expect(accused).toBeLessThanOrEqual(1);
  });
});

describe("more load with more instances (HS-1)", () => {
  it.each([
    ["half of linear is more", behindOneLock, "holds"],
    ["a serialised handler", () => 20, "violated"],
    ["falls with instances", (n: number) => 20 / n, "violated"],
  ] as const)("%s", (_what, perSecond, verdict) => {
    expect(judgeGrowth(measured(perSecond), carriesMore([]), seeded(3)).verdict).toBe(verdict);
  });
});

describe("inconclusive", () => {
  it.each([
    ["nothing measured", [], /0 at 0 were measured/],
    ["no repeats", measured(straight, 0, 1), /at least twice/],
  ])("%s", (_what, points, why) => {
    const judged = judgeGrowth(points, linear(0.1, []), seeded(1));
    expect(judged.verdict).toBe("inconclusive");
    expect(judged.summary).toMatch(why);
  });

  it("noise as large as what is looked for", () => {
    expect(
      judgeGrowth(
        measured((n) => 20 * n * 0.93, 0.3),
        linear(0.1, []),
        seeded(4),
      ).verdict,
    ).toBe("inconclusive");
  });
});
