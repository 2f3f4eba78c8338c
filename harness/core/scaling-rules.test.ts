import { describe, expect, it } from "vitest";
import { limitOf, rulesAsNumbers, rulesFromNumbers, type ScalingRules, usualRules } from "./scaling-rules.ts";

const both: ScalingRules = {
  stabilisationMs: 60_000,
  policies: [
    { of: "pods", value: 2, periodMs: 60_000 },
    { of: "percent", value: 10, periodMs: 300_000 },
  ],
  select: "most",
};

describe("limitOf", () => {
  const none = [] as const;
  it("is that of the greatest change, of the least, or none", () => {
    expect(limitOf("up", both, 10, none, 0)).toBe(12);
    expect(limitOf("up", { ...both, select: "least" }, 10, none, 0)).toBe(11);
    expect(limitOf("up", { ...both, select: "disabled" }, 10, none, 0)).toBe(10);
    expect(limitOf("down", both, 10, none, 0)).toBe(8);
    expect(limitOf("down", { ...both, select: "least" }, 10, none, 0)).toBe(9);
  });
  it("counts what changed in the period of each, and never goes back", () => {
    const changes = [{ time: 0, by: 2 }];
    expect(limitOf("up", both, 12, changes, 59_000)).toBe(12);
    expect(limitOf("up", both, 12, changes, 60_000)).toBe(14);
    expect(limitOf("up", { ...both, select: "least" }, 12, changes, 60_000)).toBe(12);
    expect(limitOf("down", both, 12, changes, 1000)).toBe(8);
  });
  it("rounds to the greater change", () => {
    const percent = { ...both, policies: [{ of: "percent", value: 10, periodMs: 15_000 }] as const };
    expect(limitOf("up", percent, 3, none, 0)).toBe(4);
    expect(limitOf("up", percent, 10, none, 0)).toBe(11);
    expect(limitOf("down", percent, 3, none, 0)).toBe(2);
  });
});

it.each([usualRules.up, usualRules.down, both, { ...both, select: "disabled" } as const])("rules come back from a record: %j", (rules) => {
  expect(rulesFromNumbers("up", rulesAsNumbers("up", rules))).toEqual(rules);
  expect(rulesFromNumbers("down", rulesAsNumbers("down", rules))).toEqual(rules);
});

it("what a record does not tell is as usual", () => {
  expect(rulesFromNumbers("up", {})).toEqual(usualRules.up);
  expect(rulesFromNumbers("down", { downStabilisationS: 0 })).toEqual({ ...usualRules.down, stabilisationMs: 0 });
});
