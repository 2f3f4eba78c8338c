import { expect, test } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { bucketWidthMs, histograms } from "./buckets.ts";
import { faultsMet } from "./coverage.ts";
import { check, exampleSuite } from "./example-run.ts";
import { during, faultBands } from "./fault-bands.ts";
import { hostile, hostileSuite } from "./hostile.ts";
import { renderHtml } from "./html/render.ts";
import { startLanes } from "./lanes.ts";
import type { EvidenceCase } from "./model.ts";
import { modelBytesAtMost, summarise } from "./summarise.ts";
import { startTimeline } from "./timeline.ts";

const event = (time: number, phase: FaultEvent["phase"], id = "kill#1"): FaultEvent => ({
  time,
  id,
  fault: "kill",
  on: "queue-1",
  phase,
  evidence: "",
  working: [],
});

test("latency counts from the intended start, errors by the answer, waits of clients not at all", () => {
  const writer = startTimeline(60_000, 100, [], 600);
  writer.operation({ intendedAt: 1000, timed: true, answeredAt: 3000, served: "yes" });
  writer.operation({ intendedAt: 1000, timed: false, answeredAt: 31_000, served: "yes" });
  writer.operation({ intendedAt: 2000, timed: true, answeredAt: 3100, served: "error" });
  writer.backlog(3000, 400);
  const { timeline, windows, longestGap, operations } = writer.finish();
  expect(timeline?.bucketMs).toBe(1000);
  expect(timeline?.p99Ms[1]).toBeGreaterThan(1980);
  expect(timeline?.p99Ms[1]).toBeLessThan(2020);
  expect(timeline?.errorPercent[3]).toBe(50);
  expect(timeline?.errorPercent[4]).toBeNull();
  expect(timeline?.servedPerSecond[3]).toBe(1);
  expect(timeline?.backlogOldestMs[3]).toBe(400);
  expect(windows).toMatchObject([{ name: "Whole experiment", operations: 3, served: 2, errors: 1, maxMs: 2000 }]);
  expect(longestGap).toEqual({ from: 3000, to: 31_000 });
  expect(operations).toBe(3);
});

test("nothing recorded draws nothing", () => {
  expect(startTimeline(1000, 0, [], 600).finish()).toMatchObject({ timeline: null, windows: [], longestGap: null });
});

test("windows lie before, during and after the faults", () => {
  const bands = faultBands([event(10_000, "requested"), event(10_100, "biting"), event(14_000, "healing"), event(15_000, "healed")]);
  const writer = startTimeline(30_000, 3, bands, 600);
  for (const at of [5000, 12_000, 20_000]) writer.operation({ intendedAt: at, timed: true, answeredAt: at + 10, served: "yes" });
  expect(writer.finish().windows.map(({ from, to, operations }) => [from, to, operations])).toEqual([
    [0, 10_000, 1],
    [10_000, 15_000, 1],
    [15_000, 30_000, 1],
  ]);
});

test("buckets are round, at most as many as allowed, and hold enough operations", () => {
  expect(bucketWidthMs(40_000, 4800, 600)).toBe(250);
  expect(bucketWidthMs(300_000, 1_000_000, 600)).toBe(500);
  expect(bucketWidthMs(7 * 86_400_000, 10, 600)).toBeGreaterThanOrEqual((7 * 86_400_000) / 600);
  expect(bucketWidthMs(1, 0, 600)).toBe(100);
});

test("quantiles are within 1 % over seven orders of magnitude", () => {
  for (const scale of [0.1, 1, 100, 10_000]) {
    const some = histograms(1);
    for (let i = 1; i <= 1000; i++) some.add(0, i * scale);
    for (const q of [0.5, 0.95, 0.99]) expect(Math.abs((some.quantile(0, q) ?? 0) / (q * 1000 * scale) - 1)).toBeLessThan(0.0101);
  }
  expect(histograms(1).quantile(0, 0.5)).toBeNull();
});

test("a moment is told by the fault it lies in, or the last one before it", () => {
  const bands = faultBands([event(10_000, "requested"), event(10_100, "biting"), event(14_000, "healing"), event(15_000, "healed")]);
  expect(during(bands, 5000, 60_000)).toBe("before the first fault");
  expect(during(bands, 10_050, 60_000)).toBe("while kill of queue-1 was biting");
  expect(during(bands, 14_500, 60_000)).toBe("while kill of queue-1 was healing");
  expect(during(bands, 17_000, 60_000)).toBe("2 s after kill of queue-1 was healed");
  expect(during([], 5, 10)).toBe("");
});

test("a fault that did not bite, or never healed, is not confirmed", () => {
  const states = (events: FaultEvent[]): string[] => faultBands(events).map((band) => band.state);
  expect(states([event(1, "requested"), event(2, "did not bite"), event(3, "healed")])).toEqual(["did not bite"]);
  expect(states([event(1, "requested"), event(2, "biting"), event(9, "did not heal")])).toEqual(["did not heal"]);
  expect(states([event(1, "requested"), event(2, "biting")])).toEqual(["not confirmed"]);
});

test("lanes tell ready, not ready and unknown apart", () => {
  const lanes = startLanes();
  for (const [time, ready] of [
    [0, 1],
    [500, 1],
    [1000, 0],
    [1500, 1],
    [9000, 1],
  ] as const) {
    lanes.sample({ time, source: "queue-10", values: { ready } });
  }
  lanes.sample({ time: 5, source: "backlog", values: { open: 3 } });
  lanes.sample({ time: 5, source: "queue-9", values: { ready: 1 } });
  const [first, second] = lanes.finish();
  expect([first?.instance, second?.instance]).toEqual(["queue-9", "queue-10"]);
  expect(second?.stretches.map(({ from, to, state }) => `${from}-${to} ${state}`)).toEqual([
    "0-1000 ready",
    "1000-1500 not ready",
    "1500-1500 ready",
    "1500-9000 unknown",
    "9000-9000 ready",
  ]);
});

test("findings say what, when and during which fault; capacity its ratio to linear", () => {
  const suite = exampleSuite();
  const model = summarise(suite, new Map());
  expect(model.findings).toMatchObject([
    { claim: "HS-6", experiment: "pause-a-lock-holder", time: 14_230, count: 3, repeat: "npm run chaos -- --only pause-a-lock-holder --seed 7" },
  ]);
  expect(model.capacity[0]?.points.map((point) => Math.round(point.ratio * 100))).toEqual([100, 99, 96]);
  expect(model.experiments[1]?.marks.map((mark) => mark.time)).toEqual([14_230, 15_870, 26_400]);
});

test("the run's coverage adds up faults of one kind of victim over all experiments", () => {
  const suite = exampleSuite();
  const model = summarise(suite, new Map());
  const calm = { ok: 2388, fail: 0, info: 0 };
  expect(model.faultsMet).toEqual([
    {
      ...{ fault: "kill of queue", injections: 2 },
      operations: {
        create: { before: calm, during: { ok: 424, fail: 6, info: 82 }, after: calm },
        wait: { before: calm, during: { ok: 312, fail: 6, info: 82 }, after: calm },
      },
    },
  ]);
  const [kill] = suite.experiments;
  const row = kill?.coverage[0];
  if (!kill || !row) throw new Error("The example's first experiment has coverage.");
  const edges = ["queue-2->redis", "queue-12->redis", "*->redis", "postgres"].map((on, i) => ({ ...row, injection: `cut#${i}`, fault: "cut", on }));
  expect(faultsMet([{ ...kill, coverage: edges }]).map(({ fault, injections }) => [fault, injections])).toEqual([
    ["cut of *->redis", 1],
    ["cut of postgres", 1],
    ["cut of queue->redis", 2],
  ]);
});

test("a cell that is needed and too empty is marked, and leads to the claims that it leaves open", () => {
  const page = renderHtml(summarise(exampleSuite(), new Map()));
  const marked = [...page.matchAll(/<span class="unseen">fewer than 20: <\/span><\/span>(\d+)/g)].map(([, ok]) => ok);
  expect(marked).toEqual(["14"]);
  expect(page).toMatch(/a claim that would hold is inconclusive: <a href="#kill-a-queue-instance\/HA-2">HA-2<\/a>/);
});

test("what is too empty is the last that a large run leaves out", () => {
  const suite = exampleSuite();
  const [kill] = suite.experiments;
  const row = kill?.coverage.find(({ operation }) => operation === "wait");
  if (!kill || !row) throw new Error("The example's first experiment has coverage.");
  const many = [
    ...Array.from({ length: 5000 }, (_, i) => ({ ...row, injection: `kill#${i + 9}`, least: 0 })),
    { ...row, injection: "the-empty-one", during: row.after, after: { ok: 0, fail: 0, info: 0 } },
  ];
  const [told] = summarise({ ...suite, experiments: [{ ...kill, coverage: many }] }, new Map()).experiments;
  expect(told?.verdict.coverage.at(-1)?.injection).toBe("the-empty-one");
  expect(told?.notes.join(" ")).toMatch(/4,761 more rows of coverage are in verdict\.json/);
});

test("a violation is never left out, whichever experiment it is in", () => {
  const suite = exampleSuite();
  const [first, violated] = suite.experiments;
  if (!first || !violated) throw new Error("The example has two experiments.");
  const quiet = { ...first, claims: [], assumptions: Array.from({ length: 50 }, () => check("x".repeat(2000), "holds", "y".repeat(2000))) };
  const many = Array.from({ length: 3000 }, (_, i) => ({ ...quiet, experiment: `quiet-${i}` }));
  const model = summarise({ ...suite, experiments: [...many, violated] }, new Map());
  expect(model.experiments.map((one) => one.verdict.experiment)).toContain("pause-a-lock-holder");
  expect(model.notes.join(" ")).toContain("more experiments are in verdict.json");
  expect(JSON.stringify(model).length).toBeLessThan(modelBytesAtMost);
});

test("the page stays below 5 MB whatever the run's size, and says that it is cut", () => {
  const huge = summarise(hostileSuite(hostile.repeat(40_000)), new Map());
  const page = renderHtml(huge);
  expect(page.length).toBeLessThan(5_000_000);
  expect(page).toContain("more characters, in verdict.json");
}, 60_000);

test("evidence is cut before the page gets too large, and never that of the first counterexample", () => {
  const suite = exampleSuite();
  const [, pause] = suite.experiments;
  if (!pause) throw new Error("The example was expected to have a second experiment.");
  const experiments = Array.from({ length: 80 }, (_, i) => ({ ...pause, experiment: `experiment-${i}` }));
  const bar = { kind: "attempt" as const, from: 0, to: 9, label: "attempt 1", cited: true };
  const one = (place: number): EvidenceCase => ({
    ...{ claim: "HS-6", property: "critical sections never overlap", place, time: 5, text: hostile, subjects: ["a-17"], from: 0, to: 10, leftOut: 3 },
    lanes: Array.from({ length: 14 }, (_, lane) => ({ name: `queue-${lane}`, bars: Array.from({ length: 6 }, () => bar) })),
    events: Array.from({ length: 28 }, (_, i) => ({ number: i + 1, time: i, lane: "queue-1", text: "x".repeat(300), cited: true })),
    logs: Array.from({ length: 8 }, (_, i) => ({
      instance: `queue-${i}`,
      more: 1,
      lines: Array.from({ length: 6 }, () => ({ time: 1, text: "y".repeat(260) })),
    })),
  });
  const read = {
    timeline: null,
    bands: [],
    lanes: [],
    windows: [],
    longestGap: null,
    recoveries: [],
    harnessLagMaxMs: null,
    operations: 0,
    unanswered: 0,
    notes: [],
  };
  const recorded = new Map(experiments.map(({ experiment }) => [experiment, { ...read, evidence: [0, 1, 2, 3, 4, 5].map(one) }]));
  const model = summarise({ ...suite, experiments }, recorded);
  expect(renderHtml(model).length).toBeLessThan(5_000_000);
  expect(model.experiments.every(({ evidence }) => evidence.some(({ place }) => place === 0))).toBe(true);
});

test("an empty run is a page that says so", () => {
  const page = renderHtml(summarise({ ...exampleSuite(), claims: [], experiments: [], defect: "" }, new Map()));
  expect(page).toContain("No claim was tried");
});
