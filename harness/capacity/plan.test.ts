import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guideAutoscaling } from "../core/hpa.ts";
import { seeded } from "../core/random.ts";
import { planFromRun } from "./measured-plan.ts";
import { type PlanAsked, planFor } from "./plan.ts";
import { planText, replayText } from "./plan-text.ts";
import { perLook, replayLoad } from "./replay.ts";
import type { CapacityResult, Point } from "./result.ts";
import { throughput } from "./usl-law.ts";

const guide: PlanAsked = { perSecond: 10, serviceSeconds: 5, workers: 2, serviceCv: 1, arrivalCv: 1, utilisation: 0.7, replaceSeconds: 60 };

describe("the guide's example (AB-6)", () => {
  const plan = planFor(guide);
  it("50 busy workers, 25 instances by the formula, 36 with workers at most 70 % busy", () => {
    expect(plan).toMatchObject({ busyWorkers: 50, formula: 25, needed: 36 });
    expect(plan.rows.map(({ instances }) => instances)).toEqual([25, 36, 37]);
  });

  it("13 instances carry about half of it", () => {
    expect(plan.dividedTwice).toEqual({ instances: 13, perSecond: 5.2 });
    expect(planText(plan)).toMatch(/divided by 2 again it becomes 13 instances, which carry 5\.2 requests\/s: 52 % of what is asked for/);
  });

  it("with the formula's own number the queue has no end", () => {
    expect(plan.rows[0]).toMatchObject({ utilisation: 1, waiting: 1, meanWaitSeconds: Number.POSITIVE_INFINITY });
    expect(planText(plan)).toMatch(/\n +25 +100 % +100 % +no end/);
  });

  it("what it has now, 3 instances, does not carry it", () => {
    expect(planFor({ ...guide, instances: 3 }).rows[0]).toMatchObject({ instances: 3, p95Seconds: Number.POSITIVE_INFINITY });
  });
});

describe("headroom, objective and rolling update", () => {
  it("a queue of its own for each instance is slower than one for all", () => {
    for (const { p95Seconds, ownQueueP95Seconds } of planFor(guide).rows.slice(1)) expect(ownQueueP95Seconds).toBeGreaterThan(p95Seconds);
  });

  it("an objective asks for more, or nothing keeps it", () => {
    const steady = { ...guide, serviceCv: 0.5, utilisation: 0.95 };
    const without = planFor(steady);
    const { needed, rows } = planFor({ ...steady, p95Seconds: 10 });
    expect(needed as number).toBeGreaterThan(without.needed as number);
    expect(rows.find(({ instances }) => instances === needed)?.p95Seconds).toBeLessThanOrEqual(10);
    const none = planFor({ ...steady, p95Seconds: 5 });
    expect(none).toMatchObject({ needed: null, rolling: null });
    expect(planText(none)).toMatch(/No number of instances keeps 95 % of requests within 5 s/);
  });

  it("a rolling update is without one instance for as long as it takes", () => {
    const { rolling } = planFor(guide);
    expect(rolling).toMatchObject({ seconds: 36 * 60, piledUp: 0, surgeInstanceSeconds: 36 * 60 });
    expect(rolling?.missing.instances).toBe(35);
    const single = planFor({ ...guide, perSecond: 0.2 });
    expect(single.rolling).toMatchObject({ seconds: 60, piledUp: 12 });
    expect(planText(single)).toMatch(/the others do not suffice, and about 12 requests pile up/);
  });

  it("never needs fewer than the formula, and one fewer would not keep it", () => {
    const asked = fc.record({
      perSecond: fc.double({ min: 0.01, max: 200, noNaN: true }),
      serviceSeconds: fc.double({ min: 0.01, max: 30, noNaN: true }),
      workers: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(asked, (given) => {
        const { needed, formula } = planFor({ ...guide, ...given });
        expect(needed as number).toBeGreaterThanOrEqual(formula);
        expect(formula / (needed as number)).toBeLessThanOrEqual(0.7 + 1e-6);
        if ((needed as number) > 1) expect(formula / ((needed as number) - 1)).toBeGreaterThan(0.7 - 1e-6);
      }),
      { numRuns: 25 },
    );
  });
});

describe("from a capacity run", () => {
  const law = { lambda: 20, sigma: 0.03, kappa: 0.001 };
  const point = (instances: number, over: Partial<Point> = {}): Point => ({
    ...{ instances, offeredPerSecond: null, clients: 8, achievedPerSecond: throughput(law, instances), p50Ms: 5, p95Ms: 6, p99Ms: 7 },
    ...{ operations: 1000, errors: 0, seconds: 10, counts: {} },
    validity: { scheduleLagMs: 0, droppedIterations: 0, generatorCores: 0.1, steal: 0, voidBecause: "" },
    ...over,
  });
  const run = (scaling: readonly Point[]): CapacityResult => ({
    ...{ version: 1, startedAt: "", seed: 1, commit: "", target: "reference", scenario: "create-and-wait", settings: {}, objectives: {} },
    machine: { cpu: "", cores: 2, memoryMb: 1, kernel: "", node: "" },
    ...{ searched: [], sustainable: null, noise: [], pairs: [], scaling },
  });
  const scaling = [1, 2, 4, 8].flatMap((instances) =>
    [0.99, 1.01].map((by) => point(instances, { achievedPerSecond: throughput(law, instances) * by })),
  );

  it("names the least number that certainly carries it", () => {
    const { needed, sentences } = planFromRun(run(scaling), 60, 0.7, seeded(1));
    expect(needed as number).toBeGreaterThanOrEqual(5);
    expect(throughput(law, needed as number) * 0.7).toBeGreaterThan(60);
    expect(sentences.join("\n")).toMatch(/Needed: \d+ instances for 60\/s with 30 % to spare/);
  });

  it("names none beyond twice what was measured", () => {
    const { needed, sentences } = planFromRun(run(scaling), 400, 0.7, seeded(1));
    expect(needed).toBeNull();
    expect(sentences.at(-1)).toMatch(/^No number of instances up to 16 certainly carries 400\/s/);
  });

  it("void points do not count", () => {
    const late = { ...point(1).validity, voidBecause: "the generator was late" };
    const { needed, sentences } = planFromRun(run(scaling.map((one) => ({ ...one, validity: late }))), 10, 0.7, seeded(1));
    expect(needed).toBeNull();
    expect(sentences.join()).toMatch(/No growth can be predicted from this run.*0 at 0 were measured/);
  });
});

describe("an autoscaler on a recorded load (AB-16)", () => {
  const settings = { ...guideAutoscaling, targets: { cpu: 70 } };
  const day = Array.from({ length: 1440 }, (_, i) => 2.2 - 1.8 * Math.cos((2 * Math.PI * i) / 1440));
  const load = { settings, loads: day, perInstancePerSecond: 0.5, requestedCores: 1, startMs: 30_000 };

  it("a load that costs CPU is followed, without a request that waits", () => {
    const replayed = replayLoad({ ...load, cpuSecondsPerRequest: 1.6 });
    expect(replayed).toMatchObject({ least: 3, behind: 0, turns: 1, longestWaitSeconds: 0 });
    expect(replayed.most).toBeGreaterThanOrEqual(9);
    expect(replayed.instanceHours).toBeLessThan(replayed.fixedInstanceHours);
  });

  it("a load that waits for a model and costs none is not seen at all: three pods, and requests pile up", () => {
    const replayed = replayLoad({ ...load, cpuSecondsPerRequest: 0.1 });
    expect(replayed).toMatchObject({ least: 3, most: 3, changes: 0 });
    expect(replayed.behind).toBeGreaterThan(500);
    expect(replayText(replayed)).toMatch(/requests waited, at worst for \d+ s: the autoscaler sees CPU, not waiting requests/);
  });

  it("what waits is served later", () => {
    const { looks } = replayLoad({ ...load, loads: [6, 6, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], cpuSecondsPerRequest: 1.6 });
    expect(looks[2]?.backlog).toBeGreaterThan(0);
    expect(looks.at(-1)?.backlog).toBe(0);
  });

  it("a load of any step becomes looks of 15 s", () => {
    expect(perLook([1, 2, 3, 4, 5, 6], 5)).toEqual([2, 5]);
    expect(perLook([1, 2], 60)).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect(perLook([7], 1)).toEqual([7]);
  });
});
