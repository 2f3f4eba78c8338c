import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { evidence } from "../checkers/fixtures.ts";
import { exampleSuite } from "../report/example-run.ts";
import { listSituations, loadTarget, type NamedSituation } from "./catalogue.ts";
import { addToSeries } from "./series.ts";
import { situationsIn, situationsOf } from "./situations.ts";

const project = resolve(import.meta.dirname, "../..");
const named = (id: string, ...times: readonly number[]): NamedSituation => ({
  ...{ id, what: `${id} came about` },
  sightings: () => times.map((time) => ({ time, text: `at ${time}` })),
});
const broken: NamedSituation = {
  ...named("c"),
  sightings: () => {
    throw new Error("no such field");
  },
};

test("an experiment tells how often a situation was met and when first; one that cannot be looked for was not met", () => {
  expect(situationsIn([named("a", 30, 10, 20), named("b"), broken], evidence())).toEqual([
    { id: "a", what: "a came about", count: 3, first: { time: 10, text: "at 10" } },
    { id: "b", what: "b came about", count: 0, first: null },
    { id: "c", what: "c came about (could not be looked for: no such field)", count: 0, first: null },
  ]);
});

test("a run adds its experiments up, and names those that no experiment met; what nobody looked for is left out", () => {
  const [first, second] = exampleSuite().experiments;
  if (!first || !second) throw new Error("The example has two experiments.");
  const all = [named("a", 10), named("b"), named("c", 10)];
  expect(situationsOf(all, [{ ...first, sometimes: [] }])).toEqual([]);
  const of = (...situations: readonly NamedSituation[]) => situationsIn(situations, evidence());
  const run = situationsOf(all, [
    { ...first, sometimes: of(named("a", 1, 2), named("b")) },
    { ...second, sometimes: of(named("a", 3), named("b")) },
  ]);
  expect(run.map(({ id, count, seenIn }) => [id, count, seenIn])).toEqual([
    ["a", 3, [first.experiment, second.experiment]],
    ["b", 0, []],
  ]);
});

test("the series remembers what earlier runs met, with the same code and without a defect", async () => {
  const reports = await mkdtemp(join(tmpdir(), "runproof-series-"));
  try {
    const [target, situations] = await Promise.all([loadTarget(project, "reference"), listSituations(project)]);
    const suite = { ...exampleSuite(), defect: "", exit: 0 };
    const ids = situations.map(({ id }) => id);
    const meeting = (experiment: string, ...met: readonly string[]) => ({
      ...suite,
      experiments: suite.experiments
        .filter((one) => one.experiment === experiment)
        .map((one) => ({
          ...one,
          sometimes: situationsIn(
            ids.map((id) => named(id, ...(met.includes(id) ? [1] : []))),
            evidence(),
          ),
        })),
      sometimes: ids.map((id) => ({ id, what: id, count: Number(met.includes(id)), seenIn: [] })),
    });
    const add = (verdict: ReturnType<typeof meeting>) => addToSeries({ reports, project, target, verdict });
    const first = await add(meeting("kill-a-queue-instance", "third-attempt"));
    expect(first.neverMet).toEqual(ids.filter((id) => id !== "third-attempt"));
    const planted = await add({ ...meeting("kill-a-queue-instance", "faults-overlapped"), defect: "no-sweeper" });
    expect(planted.neverMet).toEqual(first.neverMet);
    const second = await add(meeting("scale-queue-instances"));
    expect(second).toEqual({ held: [{ experiment: "scale-queue-instances", held: 1, of: 1 }], neverMet: first.neverMet });
    expect((await add({ ...meeting("scale-queue-instances"), exit: 130 })).neverMet).toEqual([]);
  } finally {
    await rm(reports, { recursive: true });
  }
});
