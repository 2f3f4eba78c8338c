import { describe, expect, it } from "vitest";
import type { CapacityReport, DecidedClaim, Searched } from "./result.ts";
import { summarise } from "./summary.ts";
import { point } from "./testing/point.ts";

const about = {
  ...({ version: 1, startedAt: "2026-01-01T00:00:00Z", seed: 1, commit: "abc", target: "reference", targetPerSecond: null, variant: "" } as const),
  machine: { cpu: "a processor", cores: 2, memoryMb: 1024, kernel: "6", node: "v24" },
};
const window = (outcome: Searched["outcome"]): Searched => ({
  ...point({}),
  ...{ offeredPerSecond: 20, clients: null, why: "climb", outcome, missed: [], queueAgeMs: 0, firstEventMs: null, busyCores: 1, cores: {} },
});
const search = (lowPerSecond: number, last: Searched["outcome"], study = "runs"): Partial<CapacityReport> => {
  const sustainable = { instances: 5, lowPerSecond, highPerSecond: null, stoppedBecause: "", limit: { by: "unknown", evidence: "" } } as const;
  const found = { searched: [window("met"), window(last)], sustainable, maximumPerSecond: 20, kneePerSecond: null };
  return { ...found, searches: [{ study, title: "", objectives: {}, ...found }] };
};
const underFaults = (sustainedPerSecond: number | null, ...verdicts: ("holds" | "violated" | "inconclusive")[]): Partial<CapacityReport> => ({
  underFaults: { study: "runs", killsPerMinute: 9, sustainedPerSecond, tried: verdicts.map((verdict) => ({ perSecond: 20, verdict, summary: "" })) },
});
const claim = (verdict: DecidedClaim["verdict"]): Partial<CapacityReport> => ({
  claims: [{ id: "LG-4", study: "queue-scaling", verdict, summary: "" }],
});
const against = (verdict: NonNullable<CapacityReport["against"]>["verdict"]): Partial<CapacityReport> => ({
  against: { what: "", verdict, summary: "" },
});
const exitOf = (...parts: Partial<CapacityReport>[]): number => summarise(parts, about).exit;

describe("the result of a run", () => {
  it("exits with 0 where there is a number, every claim holds and the other build is no worse", () => {
    expect(exitOf(search(20, "missed"), claim("holds"))).toBe(0);
    expect([exitOf(against("better")), exitOf(against("same"))]).toEqual([0, 0]);
  });

  it("exits with 2 where nothing was met, the search ended in void windows, or something is undecided", () => {
    expect([exitOf(search(0, "missed")), exitOf(search(20, "void")), exitOf(claim("inconclusive")), exitOf(against("inconclusive"))]).toEqual([
      2, 2, 2, 2,
    ]);
  });

  it("takes a run that was lost or done twice for a violation at any rate, and no rate at all for undecided", () => {
    expect(exitOf(underFaults(20, "inconclusive", "holds"))).toBe(0);
    expect(exitOf(underFaults(10, "violated", "holds"))).toBe(1);
    expect(exitOf(underFaults(null, "inconclusive", "inconclusive"))).toBe(2);
  });

  it("exits with 1 where a claim is violated or the other build is worse, whatever else is undecided", () => {
    expect([exitOf(claim("inconclusive"), claim("violated")), exitOf(search(20, "void"), against("worse"))]).toEqual([1, 1]);
  });

  it("puts the studies' parts together", () => {
    const growth = (study: string) => ({ growth: [{ study, role: "queue", points: [point({})], fit: "" }], scaling: [point({})] });
    const report = summarise([search(20, "missed"), search(7, "missed", "queries"), growth("one"), growth("two"), claim("holds")], about);
    expect(report).toMatchObject({ sustainable: { lowPerSecond: 20 }, claims: [{ id: "LG-4" }], underFaults: null, script: null });
    expect([report.growth.map(({ study }) => study), report.scaling.length, report.searched.length]).toEqual([["one", "two"], 1, 2]);
    expect(report.searches.map(({ study, sustainable }) => [study, sustainable.lowPerSecond])).toEqual([
      ["runs", 20],
      ["queries", 7],
    ]);
  });
});
