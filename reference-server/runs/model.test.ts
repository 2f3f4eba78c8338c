import { describe, expect, it } from "vitest";
import { modelMs, seedOf, tokensOf } from "./model.ts";

const steps = Array.from({ length: 4000 }, (_, i) => i + 1);
const times = (latency: "fixed" | "lognormal" | "long_tail", seed = "s") =>
  steps.map((step) => modelMs({ steps: 1, step_ms: 100, latency }, seed, step)).sort((a, b) => a - b);
const at = (sorted: readonly number[], share: number): number => sorted[Math.floor(share * sorted.length)] ?? Number.NaN;

describe("simulated model", () => {
  it("takes the same time for the same seed and step, and another for another", () => {
    const once = { steps: 1, step_ms: 100, latency: "lognormal" } as const;
    expect(modelMs(once, "a", 3)).toBe(modelMs(once, "a", 3));
    expect(modelMs(once, "a", 3)).not.toBe(modelMs(once, "a", 4));
    expect(modelMs(once, "a", 3)).not.toBe(modelMs(once, "b", 3));
    expect(seedOf("run-1", { ...once, seed: 7 })).toBe(seedOf("run-2", { ...once, seed: 7 }));
    expect(seedOf("run-1", once)).not.toBe(seedOf("run-2", once));
  });

  it("takes step_ms when fixed", () => expect(new Set(times("fixed"))).toEqual(new Set([100])));

  it("has step_ms as the median of the lognormal, and its spread", () => {
    const sorted = times("lognormal");
    expect(at(sorted, 0.5)).toBeGreaterThan(94);
    expect(at(sorted, 0.5)).toBeLessThan(106);
    // exp(0.6 * 1.645) = 2.68
    expect(at(sorted, 0.95) / 100).toBeCloseTo(2.68, 0);
  });

  it("takes step_ms for most steps of the long tail, far more for a few, and never more than a minute", () => {
    const sorted = times("long_tail");
    expect(at(sorted, 0.94)).toBe(100);
    expect(at(sorted, 0.96)).toBeGreaterThan(100);
    expect(at(sorted, 0.999) / 100).toBeGreaterThan(5);
    expect(Math.max(...steps.map((step) => modelMs({ steps: 1, step_ms: 60_000, latency: "long_tail" }, "s", step)))).toBe(60_000);
  });

  it("says the same words to the same seed, and the answer's own when it was asked", () => {
    const input = { steps: 1, step_ms: 0, tokens: 5 };
    expect(tokensOf(input, "s", 1)).toHaveLength(5);
    expect(tokensOf(input, "s", 1)).toEqual(tokensOf(input, "s", 1));
    const asked = { ...input, query: "What is  2+2?\n", agent_type: "math" };
    expect(tokensOf(asked, "s", 1).join("")).toBe("Simulated answer of the math agent to: What is  2+2?\n");
    expect(tokensOf({ steps: 1, step_ms: 0 }, "s", 1)).toEqual([]);
  });
});
