/** The catalogue holds together: every claim is decided, every defect fits the server as it is and is caught by an experiment that decides its claim. */
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { seeded } from "../harness/core/random.ts";
import { plannedEdits } from "../harness/drivers/process/tree.ts";
import { listClaims, listDefects, listExperiments, loadFault, loadTarget } from "../harness/run/catalogue.ts";

const project = resolve(import.meta.dirname, "..");
const [experiments, claims, defects, target] = await Promise.all([
  listExperiments(project),
  listClaims(project),
  listDefects(project),
  loadTarget(project, "reference"),
]);

test.each(claims)("$id is decided by an experiment, and made by the target", ({ id }) => {
  expect(experiments.filter((experiment) => id in experiment.claims).length).toBeGreaterThan(0);
  expect(target.claims).toContain(id);
});

test.each(experiments)("$id decides claims of the catalogue, by at least one checker each", (experiment) => {
  for (const [id, checkers] of Object.entries(experiment.claims)) {
    expect(claims.map((claim) => claim.id)).toContain(id);
    expect(checkers.length).toBeGreaterThan(0);
  }
});

test.each(experiments)("$id: a seed gives the same timeline each time, other seeds others, and only faults that exist", async (experiment) => {
  const topology = experiment.topology ?? target.topology;
  const timeline = (seed: number): string => JSON.stringify(experiment.schedule(seeded(seed, experiment.id), topology));
  expect(timeline(7)).toBe(timeline(7));
  const seeds = new Set(Array.from({ length: 50 }, (_, seed) => timeline(seed)));
  // Growing the topology is a plan, not a disturbance: it is the same for every seed.
  if (experiment.coverage.steady) expect(seeds.size).toBeGreaterThan(40);
  for (const { fault } of experiment.schedule(seeded(1, experiment.id), topology)) expect((await loadFault(project, fault)).what).not.toBe("");
});

test.each(defects)("$id fits the server, and an experiment that decides its claim is to catch it", async (defect) => {
  expect((await plannedEdits(resolve(project, target.tree), defect)).size).toBeGreaterThan(0);
  for (const id of defect.caughtBy) {
    const experiment = experiments.find((one) => one.id === id);
    expect(Object.keys(experiment?.claims ?? {})).toContain(defect.claim);
  }
  expect(defect.caughtBy.length).toBeGreaterThan(0);
});

test("there are at least six planted defects", () => expect(defects.length).toBeGreaterThanOrEqual(6));
