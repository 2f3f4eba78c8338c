import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CapacityReport, Point, Searched } from "../capacity/result.ts";
import { exampleSuite, writeExampleRun } from "./example-run.ts";
import { hostile } from "./hostile.ts";
import { readCapacity } from "./read-capacity.ts";
import { writeReport } from "./write-report.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "runproof-capacity-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function point(instances: number, perSecond: number, more: Partial<Point> = {}): Point {
  const validity = { scheduleLagMs: 1, droppedIterations: 0, generatorCores: 0.1, steal: 0, voidBecause: "" };
  const latency = { p50Ms: 20, p95Ms: 40 + perSecond, p99Ms: 90 + perSecond };
  return {
    ...{ instances, offeredPerSecond: null, clients: 10, achievedPerSecond: perSecond, ...latency },
    ...{ operations: 500, errors: 0, seconds: 10, counts: {}, validity },
    ...more,
  };
}

function searched(perSecond: number, outcome: Searched["outcome"]): Searched {
  const missed = outcome === "missed" ? ["95 % took 900 ms, 800 ms are asked for"] : [];
  const rest = {
    why: "to climb",
    outcome,
    missed,
    queueAgeMs: 3,
    firstEventMs: null,
    busyCores: 1,
    cores: { "queue-1": 0.4, "queue-2": 0.2, others: 1.5 },
  };
  return { ...point(2, perSecond, { offeredPerSecond: perSecond }), ...rest };
}

const validity = { ...point(1, 1).validity, voidBecause: `other programs took ${hostile}` };

const report: Omit<CapacityReport, "searches"> = {
  ...{
    version: 1,
    startedAt: "2026-01-01T00:00:00.000Z",
    seed: 1,
    commit: "abc",
    target: "reference",
    scenario: "create-and-wait",
    exit: 0,
    variant: "",
  },
  machine: { cpu: "a processor", cores: 2, memoryMb: 4096, kernel: "6", node: "v24" },
  ...{
    settings: { serviceTimeMs: 500 },
    objectives: { successRatio: 0.999, p95Ms: 800 },
    noise: [],
    pairs: [],
    against: null,
    growth: [],
    script: null,
    underFaults: null,
  },
  searched: [searched(10, "met"), searched(20, "met"), searched(40, "missed")],
  sustainable: {
    instances: 2,
    lowPerSecond: 20,
    highPerSecond: 40,
    stoppedBecause: "the interval is narrow",
    limit: { by: "pool", evidence: "4 of 4 connections were taken" },
  },
  ...{ maximumPerSecond: 41, kneePerSecond: 20, targetPerSecond: 30 },
  scaling: [1, 2, 4, 8].flatMap((n) => [point(n, 10 * n), point(n, 10 * n - n / 8)]).concat(point(8, 3, { validity })),
  rates: [
    {
      study: "rates",
      name: "simple",
      documentedPerMinute: [60, 120],
      serviceSeconds: 5,
      idealPerMinute: 72,
      measuredPerMinute: 70,
      point: point(3, 1),
    },
  ],
  claims: [{ id: "LG-4", study: "queue-scaling", verdict: "holds", summary: "8 instances did 7.9 times what 1 did." }],
};

const search = { title: "Behind a small pool", study: "pool", objectives: {}, searched: [], maximumPerSecond: 7, kneePerSecond: null };
const limit = { by: "pool", evidence: "2 of 2 connections were taken" } as const;
const others = [search, { ...search, sustainable: { instances: 1, lowPerSecond: 6, highPerSecond: null, stoppedBecause: "", limit } }];

test("a capacity run without experiments is a page of its own: interval, knee, limit, balance, law, what is void", async () => {
  await writeFile(join(directory, "capacity.json"), JSON.stringify({ ...report, searches: others }));
  const page = await readFile((await writeReport(directory)).html, "utf8");
  for (const said of [
    "20 to 40/s within the objectives",
    "Limited by pool: 4 of 4 connections were taken.",
    "<dt>Maximum</dt><dd>41/s</dd>",
    "<dt>Target</dt><dd>30/s</dd>",
    ">knee</text>",
    '<th scope="row">Behind a small pool</th><td class="number">at least 6/s</td>',
    "Balance at 20/s",
    '<th scope="row">queue-2</th>',
    "no peak in sight",
    "missed: 95 % took 900 ms",
    "Windows that say nothing",
    "11 of 12 windows are valid.",
    '<td class="number">60 to 120</td><td class="number">70</td>',
    "8 instances did 7.9 times what 1 did.",
  ])
    expect(page).toContain(said);
  expect(page).not.toContain("<script>window.pwned");
});

test("the law is fitted to the valid windows, and drawn no farther than twice the largest number of instances", async () => {
  await writeFile(join(directory, "capacity.json"), JSON.stringify(report));
  const { law } = (await readCapacity(directory)) ?? {};
  if (!law || !("curve" in law)) throw new Error("A law was expected.");
  expect(law.curve.at(-1)?.instances).toBe(16);
  for (const { instances, value, low, high } of law.curve.filter((one) => one.instances <= 8)) {
    expect(value).toBeGreaterThan(8 * instances);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  }
});

test("too few sizes have no law and say why; what is no capacity result is nothing", async () => {
  await writeFile(join(directory, "capacity.json"), JSON.stringify({ ...report, scaling: [point(1, 10), point(2, 20)] }));
  expect((await readCapacity(directory))?.law).toEqual({ why: expect.stringContaining("three parameters") });
  for (const text of ["{", "null", '{"version":2}', '{"version":1,"searched":1}']) {
    await writeFile(join(directory, "capacity.json"), text);
    expect(await readCapacity(directory)).toBeNull();
  }
});

test("beside experiments it is a section of their page, and its interval the first screen's", async () => {
  await writeExampleRun(directory, { ...exampleSuite(), experiments: [] });
  await writeFile(join(directory, "capacity.json"), JSON.stringify(report));
  const page = await readFile((await writeReport(directory)).html, "utf8");
  expect(page).toContain("Claim HS-6 is violated");
  expect(page).toContain('<a href="#_capacity"><strong>20 to 40/s</strong></a> sustained on 2 instances');
});
