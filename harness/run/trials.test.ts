import { expect, test } from "vitest";
import type { Experiment } from "../core/experiment.ts";
import { seeded } from "../core/random.ts";
import { experimentOf, trialsOf } from "./trials.ts";

const experiment = (id: string, more: Partial<Experiment> = {}): Experiment => ({
  ...{ id, title: id, profile: "default", proxied: [], load: { scenario: "s", perSecond: 1 }, settleMs: 0, drainMs: 0, claims: {} },
  coverage: { operations: 0, operationsPerFault: 0, steady: false },
  schedule: (random) => [{ fault: "kill", on: `queue-${random.integer(1, 1_000_000)}`, atMs: 0, forMs: 0 }],
  ...more,
});
const both = [experiment("a"), experiment("b", { safety: true })];
const idsOf = (profile: Parameters<typeof trialsOf>[1]): string[] => trialsOf(both, profile, 7).map((trial) => trial.experiment.id);

test("everything comes once, then safety again with other seeds, as often as the profile says", () => {
  expect(idsOf("default")).toEqual(["a", "b"]);
  expect(idsOf("nightly")).toEqual(["a", "b", "b.2", "b.3"]);
  expect(idsOf("weekly")).toEqual(["a", "b", "b.2", "b.3", "b.4", "b.5"]);
  const long = [experiment("c", { safety: "weekly" })];
  expect((["default", "nightly", "weekly"] as const).map((profile) => trialsOf(long, profile, 7).length)).toEqual([1, 1, 5]);
  const seeds = trialsOf(both, "nightly", 7).map(({ seed }) => seed);
  expect(seeds.slice(0, 2)).toEqual([7, 7]);
  expect(new Set(seeds.slice(1)).size).toBe(3);
});

test("a further trial has the timeline that its experiment has with its seed alone", () => {
  const second = trialsOf(both, "nightly", 7)[2];
  if (second === undefined) throw new Error("The nightly was expected to have a second trial of b.");
  const alone = both[1]?.schedule(seeded(second.seed, "b"), {});
  expect(second.experiment.schedule(seeded(second.seed, second.experiment.id), {})).toEqual(alone);
  expect(second.of).toBe("b");
  expect(experimentOf(second.experiment.id)).toBe("b");
  expect(experimentOf("restart-postgres")).toBe("restart-postgres");
});
