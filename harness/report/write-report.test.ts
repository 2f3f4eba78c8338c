import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exampleSuite, writeExampleRun } from "./example-run.ts";
import { readExperiment } from "./read-experiment.ts";
import { writeReport } from "./write-report.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "runproof-report-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("writes its files beside the verdict and leaves nothing else", async () => {
  await writeExampleRun(directory);
  const { html } = await writeReport(directory);
  expect(html).toBe(join(directory, "report.html"));
  expect((await readdir(directory)).filter((name) => name.includes("."))).toEqual([
    "junit.xml",
    "metrics.txt",
    "report.html",
    "summary.md",
    "verdict.json",
  ]);
  const page = await readFile(html, "utf8");
  expect(page).toContain("Claim HS-6 is violated");
  expect(page).toContain("while pause of queue-2 was biting");
  expect(page.length).toBeLessThan(300_000);
});

test("reads the recorder's clock, the outage, the faults and the instances", async () => {
  await writeExampleRun(directory);
  const read = await readExperiment(join(directory, "kill-a-queue-instance"), 41_000, 600);
  expect(read.notes).toEqual([]);
  expect(read.operations).toBe(4679);
  expect(read.unanswered).toBe(1);
  expect(read.bands.map((band) => band.state)).toEqual(["confirmed", "confirmed", "did not bite"]);
  const { bucketMs = 0, errorPercent = [] } = read.timeline ?? {};
  const failing = errorPercent.flatMap((percent, i) => (percent ? [(i * bucketMs) / 1000] : []));
  expect(Math.min(...failing)).toBeCloseTo(12, 0);
  expect(Math.max(...failing)).toBeLessThan(15);
  expect(read.lanes.map((lane) => lane.instance)).toEqual(["api-1", "api-2", "queue-1", "queue-2", "queue-3"]);
  expect(read.harnessLagMaxMs).toBe(18);
});

test("an operation that was cut off when the load was ended is unanswered, not failed", async () => {
  const folder = join(directory, "cut-off");
  await mkdir(folder);
  const lines = [
    { type: "clock", time: 0, harness: 1000, delta: 1 },
    { type: "invoke", time: 0, process: "vu1.0", f: "create", intended: 0 },
    { type: "ok", time: 10, process: "vu1.0", f: "create", served: "yes" },
    { type: "invoke", time: 4000, process: "vu1.0", f: "create", intended: 4000 },
    { type: "info", time: 4900, process: "vu1.0", f: "create", served: "error", error: "context canceled" },
  ];
  await writeFile(join(folder, "history.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await writeFile(join(folder, "experiment.json"), JSON.stringify({ loadEndsAt: 5800 }));
  const read = await readExperiment(folder, 6000, 600);
  expect({ operations: read.operations, unanswered: read.unanswered }).toEqual({ operations: 1, unanswered: 1 });
  expect(read.timeline?.errorPercent.some((percent) => (percent ?? 0) > 0)).toBe(false);
});

test("tells missing, damaged and half-written files instead of failing", async () => {
  await writeExampleRun(directory);
  const folder = join(directory, "kill-a-queue-instance");
  await rm(join(folder, "samples.jsonl"));
  const history = await readFile(join(folder, "history.jsonl"), "utf8");
  await writeFile(join(folder, "history.jsonl"), `not json\n${history.slice(0, history.length >> 1)}`);
  await appendFile(join(folder, "faults.jsonl"), '{"time": 12, "id"');
  const { notes, timeline, lanes } = await readExperiment(folder, 41_000, 600);
  expect(timeline).not.toBeNull();
  expect(lanes).toEqual([]);
  expect(notes).toEqual([
    "faults.jsonl ends in the middle of line 13: the recorder was stopped while it wrote.",
    "history.jsonl has 1 unreadable line, the first is line 1.",
    expect.stringMatching(/^history\.jsonl ends in the middle of line [\d,]+: the recorder was stopped while it wrote\.$/),
    "samples.jsonl is missing.",
  ]);
});

test("an experiment without any record still has its claims on the page", async () => {
  await writeExampleRun(directory);
  await rm(join(directory, "pause-a-lock-holder"), { recursive: true });
  const page = await readFile((await writeReport(directory)).html, "utf8");
  expect(page).toContain("history.jsonl is missing.");
  expect(page).toContain("critical sections never overlap");
});

test("garbage in records is left out: impossible times, wrong types, a line without end", async () => {
  const folder = join(directory, "x");
  await writeExampleRun(directory, { ...exampleSuite(), experiments: [] });
  await writeExampleRun(folder, { ...exampleSuite(), experiments: [] });
  const rows = [
    { type: "invoke", time: 1, process: "a", f: "create" },
    { type: "ok", time: 5, process: "a", f: "create", served: "yes" },
    { type: "ok", time: 6, process: "nobody", f: "create", served: "yes" },
    { type: "invoke", time: "soon", process: {}, f: null },
    { type: "invoke", time: 1e300, process: "b", f: "create" },
    { type: "ok", time: 1e300, process: "b", f: "create", served: "yes" },
    [1, 2],
    null,
  ];
  await writeFile(join(folder, "history.jsonl"), `${rows.map((row) => JSON.stringify(row)).join("\n")}\n${"x".repeat(9_000_000)}`);
  await writeFile(join(folder, "samples.jsonl"), '{"time":3,"source":"backlog","values":null}\n{"time":4,"source":7,"values":{"ready":1}}\n');
  await writeFile(join(folder, "faults.jsonl"), '{"time":2,"id":"k","fault":7,"phase":"?","working":[3]}\n');
  const read = await readExperiment(folder, 1000, 600);
  expect(read.operations).toBe(1);
  expect(read.notes.join("\n")).toContain("2 completions of history.jsonl have no invocation or an impossible time");
  expect(read.notes.join("\n")).toContain("history.jsonl has 2 unreadable lines, the first is line 7.");
});

test.each([
  ["missing", null, "found no such file"],
  ["no JSON", "{", "could not read it"],
  ["an experiment's", JSON.stringify({ experiment: "x", claims: [] }), "name the run's directory, not an experiment's"],
])("a verdict.json that is %s is one sentence", async (_, content, says) => {
  if (content !== null) await writeFile(join(directory, "verdict.json"), content);
  const error = await writeReport(directory).catch((thrown: unknown) => thrown as Error);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toContain(says);
  expect((error as Error).message).not.toContain("\n");
});

test("wrong types in verdict.json become empty, unknown verdicts inconclusive", async () => {
  const odd = {
    version: 1,
    claims: [{ id: 3, verdict: "great", decidedBy: "x" }, null],
    experiments: [{ experiment: "../../etc", claims: "no", load: { a: null, b: 2 } }],
  };
  await writeFile(join(directory, "verdict.json"), JSON.stringify(odd));
  const page = await readFile((await writeReport(directory)).html, "utf8");
  expect(page).toContain("could be decided");
  expect(page).toContain("No record files of this experiment were found");
});
