/** The catalogue holds together: every claim is tried or says why not, every defect fits the server as it is and is caught by an experiment that decides its claim. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { listStudies } from "../harness/capacity/live/studies.ts";
import { feltMs } from "../harness/checkers/coverage.ts";
import { seeded } from "../harness/core/random.ts";
import { plannedEdits } from "../harness/drivers/process/tree.ts";
import { listClaims, listDefects, listExperiments, loadFault, loadTarget } from "../harness/run/catalogue.ts";
import { gapsOf } from "../harness/run/claim-matrix.ts";

const project = resolve(import.meta.dirname, "..");
const [experiments, claims, defects, target, studies] = await Promise.all([
  listExperiments(project),
  listClaims(project),
  listDefects(project),
  loadTarget(project, "reference"),
  listStudies(project),
]);

test("every claim has an experiment or a reason why it has none, and not both", () => expect(gapsOf(claims, experiments)).toEqual([]));

test("the target disclaims nothing that the catalogue does not have", () =>
  expect(claims.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(target.disclaims))));

test.each(claims.filter(({ bound }) => bound))("$id's bound is a number for this target", ({ bound }) => {
  const value = typeof bound?.value === "function" ? bound.value(target.constants) : bound?.value;
  expect(value).toSatisfy(Number.isFinite);
});

test.each(claims.filter(({ untried }) => untried?.kind === "tested in the server"))("$id names tests that are there", ({ untried }) => {
  const tests = untried?.kind === "tested in the server" ? untried.tests : [];
  expect(tests.length).toBeGreaterThan(0);
  expect(tests.filter((file) => !existsSync(join(project, target.tree, file)))).toEqual([]);
});

test.each(claims.filter(({ untried }) => untried?.kind === "measured as capacity"))("$id names a study that judges it", ({ id, untried }) => {
  const named = untried?.kind === "measured as capacity" ? untried.study : "";
  expect(studies.find((study) => study.id === named)).toMatchObject({ claim: id });
});

test("each claim is the file of its id", async () =>
  expect((await readdir(join(project, "chaos/claims"))).sort()).toEqual(claims.map(({ id }) => `${id}.ts`).sort()));

const shared = resolve(project, "../shared/CLAIMS.md");
test.skipIf(!existsSync(shared))("every row of the shared list of claims has its file (skipped where ../shared is absent)", async () => {
  const rows = [...(await readFile(shared, "utf8")).matchAll(/^\| ((?:LG|HS|HA|AB|FR)-\d+) \|/gm)].map(([, id]) => id);
  expect(rows.length).toBeGreaterThan(0);
  expect(claims.map(({ id }) => id).sort()).toEqual(rows.sort());
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

// A fault that heals at once on a fast machine must not leave too few operations for a verdict.
test.each(experiments)("$id offers enough load during its shortest fault", ({ id, schedule, topology, load, coverage }) => {
  const faults = Array.from({ length: 50 }, (_, seed) => schedule(seeded(seed, id), topology ?? target.topology)).flat();
  const shortestMs = Math.min(...faults.filter(({ fault }) => fault !== "scale").map(({ forMs }) => Math.max(feltMs, forMs + 1000)));
  expect((load.perSecond * shortestMs) / 1000).toBeGreaterThanOrEqual(1.1 * coverage.operationsPerFault);
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

test("the README's table of faults names each that there is", async () => {
  const table = (await readFile(join(project, "README.md"), "utf8")).match(/^\| victim .*(?:\n\|.*)*/m)?.[0] ?? "";
  const files = await readdir(join(project, "harness/faults"));
  const faults = files.filter((file) => /^[a-z-]+\.ts$/.test(file) && file !== "fault.ts").map((file) => file.replace(".ts", ""));
  expect(faults.length).toBeGreaterThan(80);
  expect(faults.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
});
