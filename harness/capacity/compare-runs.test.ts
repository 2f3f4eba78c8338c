import { describe, expect, it } from "vitest";
import { seeded } from "../core/random.ts";
import type { SuiteVerdict, Verdict } from "../core/verdict.ts";
import { compareRuns } from "./compare-runs.ts";
import { compareSuites } from "./compare-suites.ts";
import type { CapacityResult, Sustainable } from "./result.ts";
import { capacityRun, pairsOf, slower } from "./testing/run.ts";

const noise = pairsOf(6, 1);
const four = (by: number) => [0.995, 1, 1.005, 1].map((about) => slower(by * about));
const compared = (a: Partial<CapacityResult>, b: Partial<CapacityResult>) =>
  compareRuns(capacityRun({ noise, ...a }), capacityRun({ noise, ...b }), seeded(1));
const found = (lowPerSecond: number, highPerSecond: number | null): Sustainable => ({
  ...{ instances: 3, lowPerSecond, highPerSecond, stoppedBecause: "" },
  limit: { by: "pool", evidence: "" },
});

describe("two capacity runs", () => {
  it.each([
    ["equal", 1, "same"],
    ["3 % slower: less than two runs of one build may differ by", 1.03, "same"],
    ["just below 5 % slower", 1.048, "inconclusive"],
    ["20 % slower", 1.2, "worse"],
    ["20 % faster", 1 / 1.2, "better"],
  ])("%s", (_what, by, verdict) => {
    expect(compared({ scaling: four(1) }, { scaling: four(by) }).verdict).toBe(verdict);
  });

  it("points without a noise floor are named, not judged", () => {
    const { verdict, figures, remarks } = compared({ scaling: four(1), noise: [] }, { scaling: four(2) });
    expect([verdict, figures]).toEqual(["inconclusive", []]);
    expect(remarks.join()).toMatch(/1 points were measured in both runs, and not compared: at least 5 valid pairs .* there are 0 and 6/);
  });

  it.each([
    ["apart", found(30, 31), found(40, 41), "better"],
    ["apart the other way", found(40, 41), found(30, 31), "worse"],
    ["overlapping", found(30, 34), found(32, 36), "inconclusive"],
    ["close and narrow", found(40, 40.5), found(40.1, 40.4), "same"],
    ["open ended", found(40, null), found(50, 51), "inconclusive"],
  ] as const)("sustainable rates: %s", (_what, a, b, verdict) => {
    expect(compared({ sustainable: a }, { sustainable: b }).verdict).toBe(verdict);
  });

  it("other machines and other loads are not compared; other settings are named", () => {
    const other = capacityRun().machine;
    expect(compared({ scaling: four(1) }, { scaling: four(1), machine: { ...other, cores: 4 } })).toMatchObject({
      verdict: "inconclusive",
      figures: [],
    });
    expect(compared({}, { scenario: "turns" }).remarks[0]).toMatch(/different things: create-and-wait on reference, and turns on reference/);
    expect(compared({ scaling: four(1), settings: { pool: 10 } }, { scaling: four(1) }).remarks).toEqual([
      "The setting pool differs: 10 in A, absent in B.",
    ]);
  });

  it("nothing in common is inconclusive", () => {
    expect(compared({ scaling: four(1) }, {})).toMatchObject({
      verdict: "inconclusive",
      remarks: [expect.stringMatching(/^Nothing was measured in both/)],
    });
  });
});

describe("two chaos runs", () => {
  const suite = (verdicts: Readonly<Record<string, Verdict>>, over: Partial<SuiteVerdict> = {}): SuiteVerdict => ({
    ...{ version: 1, tool: "", seed: 1, startedAt: "", durationMs: 1, commit: "", target: "", driver: "", defect: "", defectWhat: "", exit: 0 },
    ...{ environment: {}, sometimes: [] },
    claims: Object.entries(verdicts).map(([id, verdict]) => ({
      ...{ id, verdict, statement: "", document: "", documented: "", corrected: "", summary: "what was seen", untried: "", decidedBy: [] },
    })),
    experiments: [
      {
        ...{
          experiment: "kill",
          title: "",
          seed: 1,
          startedAt: "",
          durationMs: 43_000,
          repeat: "",
          defect: "",
          claims: [],
          assumptions: [],
          coverage: [],
        },
        ...{ sometimes: [], failure: "", load: { startsPerSecond: 60, vusMax: 12 } },
      },
    ],
    ...over,
  });

  it.each([
    ["the same claims hold", { X: "holds" }, { X: "holds" }, "same"],
    ["one is violated now", { X: "holds", Y: "holds" }, { X: "violated", Y: "holds" }, "worse"],
    ["one holds now", { X: "violated" }, { X: "holds" }, "better"],
    ["one is open now", { X: "holds" }, { X: "inconclusive" }, "inconclusive"],
    ["violated in both", { X: "violated" }, { X: "violated" }, "same"],
    ["open in both", { X: "inconclusive" }, { X: "inconclusive" }, "inconclusive"],
    ["nothing in common", { X: "holds" }, { X: "not tried" }, "inconclusive"],
    ["none", {}, {}, "inconclusive"],
  ] as const)("%s", (_what, a, b, verdict) => {
    expect(compareSuites(suite(a), suite(b)).verdict).toBe(verdict);
  });

  it("tells what changed, shows times without a verdict, and says what is not compared", () => {
    const { changed, figures, remarks } = compareSuites(
      suite({ X: "holds", Y: "holds" }),
      suite({ X: "violated", Y: "not tried" }, { seed: 2, defect: "d" }),
    );
    expect(changed).toEqual(['X was "holds" in A and is "violated" in B: what was seen']);
    expect(figures).toEqual([
      { name: "kill, durationMs", a: 43_000, b: 43_000 },
      { name: "kill, startsPerSecond", a: 60, b: 60 },
    ]);
    expect(remarks.join(" ")).toMatch(/Y was tried in A only.*planted defect d.*seeds differ.*no verdict/);
  });
});
