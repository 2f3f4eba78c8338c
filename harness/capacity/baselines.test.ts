import { describe, expect, it } from "vitest";
import { seeded } from "../core/random.ts";
import { type Baseline, baselineOf, judgeBaselines } from "./baselines.ts";
import { machineKey } from "./machine.ts";
import { capacityRun, slower } from "./testing/run.ts";

const night = (index: number, perSecond: number, over: Partial<Baseline> = {}): Baseline => ({
  ...{ version: 1, startedAt: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(), commit: `commit-${index}`, machine: "m", subject: "s" },
  figures: { rate: perSecond },
  ...over,
});
const series = (count: number, perSecond: (index: number) => number): Baseline[] =>
  Array.from({ length: count }, (_, index) => night(index, perSecond(index) + 0.1 * (index % 3)));

describe("baselines", () => {
  it("a run's figures: the sustainable rate, and medians of its valid points", () => {
    const { machine } = capacityRun();
    const sustainable = {
      ...{ instances: 3, lowPerSecond: 37, highPerSecond: 39, stoppedBecause: "" },
      limit: { by: "pool" as const, evidence: "" },
    };
    const late = slower(9, { validity: { ...slower(1).validity, voidBecause: "late" } });
    const { figures, subject } = baselineOf(
      capacityRun({ sustainable, scaling: [slower(1), slower(1.2), slower(2), late], settings: { b: 2, a: 1 } }),
    );
    expect(figures).toEqual({
      "3 instances, sustainable rate per second": 37,
      "3 instances with 30 clients, successful operations per second": 40 / 1.2,
      "3 instances with 30 clients, p50 (ms)": 120,
      "3 instances with 30 clients, p95 (ms)": 144,
    });
    expect(subject).toBe("reference create-and-wait a=1 b=2");
    expect(machineKey(machine)).toBe("A processor | 2 cores | 24 GiB | 6.18 | v24.21.0");
    expect(machineKey({ ...machine, memoryMb: 24200 })).toBe(machineKey(machine));
  });

  it("says since which commit a figure is another one", () => {
    const [judged] = judgeBaselines(
      series(40, (index) => (index < 28 ? 50 : 45)),
      seeded(1),
    );
    expect(judged?.summary).toBe("rate: from 50.1 to 45.1 (-10.0 %) on 2026-01-29T00:00:00.000Z with commit-28.");
  });

  it("no verdict before thirty nights", () => {
    expect(
      judgeBaselines(
        series(29, (index) => (index < 15 ? 50 : 5)),
        seeded(1),
      ),
    ).toEqual([{ figure: "rate", nights: 29, changes: null, summary: "rate: 29 of 30 nights, no verdict yet." }]);
  });

  it("a figure that does not change says so", () => {
    expect(
      judgeBaselines(
        series(31, () => 50),
        seeded(1),
      )[0]?.summary,
    ).toBe("rate: no change in 31 nights.");
  });

  it("another machine or subject is another series, and a night that is there twice counts once", () => {
    const own = series(29, () => 50);
    const others = own.flatMap((line) => [
      { ...line, machine: "other" },
      { ...line, subject: "other" },
    ]);
    expect(judgeBaselines([...others, ...own, ...own], seeded(1))[0]?.nights).toBe(29);
  });

  it("no lines, nothing judged", () => {
    expect(judgeBaselines([], seeded(1))).toEqual([]);
  });
});
