/** What other programs read: each file by its own format's rules, of the example, of a run of nothing, and of one whose every string is hostile. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SuiteVerdict } from "../core/verdict.ts";
import { MissingPartError, provision } from "../provision/provision.ts";
import { annotations } from "./annotations.ts";
import { exampleSuite, writeExampleRun } from "./example-run.ts";
import { meanTimeToRepairMs, recoveryOf, throughputsOf } from "./headline.ts";
import { hostile, hostileSuite } from "./hostile.ts";
import { renderOpenMetrics } from "./openmetrics.ts";
import { schemaOfVerdicts } from "./verdict-schema.ts";
import { writeReport } from "./write-report.ts";

const empty: SuiteVerdict = { ...exampleSuite(), claims: [], experiments: [], sometimes: [] };
const suites: readonly (readonly [string, SuiteVerdict])[] = [
  ["the example", exampleSuite()],
  ["nothing", empty],
  ["hostile strings", hostileSuite(hostile)],
];

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "runproof-ci-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("10 MB of an error message make no file large", async () => {
  const long = hostile.repeat(65_000);
  expect(long.length).toBeGreaterThan(10_000_000);
  const { claims, experiments, ...rest } = exampleSuite();
  const suite: SuiteVerdict = {
    ...rest,
    claims: claims.map((claim) => (claim.id === "HS-6" ? { ...claim, summary: long } : claim)),
    experiments: experiments.map((one) => ({ ...one, failure: one.experiment.startsWith("kill") ? long : "" })),
  };
  await writeExampleRun(directory, suite);
  await writeReport(directory);
  for (const name of ["junit.xml", "summary.md", "metrics.txt", "kill-a-queue-instance/journal.json"])
    expect([name, (await stat(join(directory, name))).size < 100_000]).toEqual([name, true]);
  expect(annotations(suite).join("\n").length).toBeLessThan(5000);
});

describe("verdict.json", () => {
  test("of a real run, the committed example, is as the published schema says", async () => {
    const valid = await schemaOfVerdicts();
    const example = JSON.parse(await readFile(resolve(import.meta.dirname, "../../reports/example/verdict.json"), "utf8"));
    expect(valid(example), JSON.stringify(valid.errors)).toBe(true);
    expect(parseOpenMetrics(renderOpenMetrics(example)).get("runproof_experiment_verdict")?.length).toBe(example.experiments.length);
  });

  test.each(suites.slice(0, 2))("of %s is as the published schema says, field for field", async (_, suite) => {
    const valid = await schemaOfVerdicts();
    expect(valid(suite), JSON.stringify(valid.errors)).toBe(true);
  });

  test("the schema sees a missing field, a wrong word and a field that it does not know", async () => {
    const valid = await schemaOfVerdicts();
    const { seed: _, ...without } = exampleSuite();
    expect(valid(without)).toBe(false);
    expect(valid({ ...exampleSuite(), version: 2 })).toBe(false);
    expect(valid({ ...exampleSuite(), claims: [{ ...exampleSuite().claims[0], verdict: "great" }] })).toBe(false);
    expect(valid({ ...exampleSuite(), news: 1 })).toBe(false);
  });
});

describe("journal.json", () => {
  test("has the shape of a Chaos Toolkit journal", async () => {
    await writeExampleRun(directory);
    await writeReport(directory);
    for (const { experiment } of exampleSuite().experiments) {
      const journal = JSON.parse(await readFile(join(directory, experiment, "journal.json"), "utf8"));
      expect(journalShape(journal), JSON.stringify(journalShape.errors)).toBe(true);
    }
  });

  test("a violated claim deviates, an inconclusive one fails, and a fault that did not bite is an action that failed", async () => {
    await writeExampleRun(directory);
    await writeReport(directory);
    const of = async (experiment: string) => JSON.parse(await readFile(join(directory, experiment, "journal.json"), "utf8"));
    const paused = await of("pause-a-lock-holder");
    expect(paused).toMatchObject({
      status: "completed",
      deviated: true,
      steady_states: { before: { steady_state_met: true }, after: { steady_state_met: false } },
    });
    expect(paused.start).toBe("2025-11-21T08:00:00.000Z");
    expect(paused.run[0]).toMatchObject({
      status: "succeeded",
      start: "2025-11-21T08:00:12.000Z",
      duration: 0.18,
      activity: { provider: { path: "npm" } },
    });
    const killed = await of("kill-a-queue-instance");
    expect(killed).toMatchObject({ status: "failed", deviated: false });
    expect(killed.run.map((one: { status: string }) => one.status)).toEqual(["succeeded", "succeeded", "failed"]);
    expect(await of("scale-queue-instances")).toMatchObject({
      status: "completed",
      deviated: false,
      steady_states: { after: { steady_state_met: true } },
    });
  });
});

describe("metrics.txt", () => {
  test.each(suites)("of %s parses as OpenMetrics", (_, suite) => {
    const families = parseOpenMetrics(renderOpenMetrics(suite));
    expect(families.get("runproof_run_duration_seconds")).toEqual([["", 171.4]]);
    expect(families.get("runproof_claims")?.length).toBe(5);
  });

  test("holds the headline numbers", () => {
    const killed = exampleSuite()
      .experiments.slice(0, 1)
      .map((one) => ({
        ...one,
        claims: one.claims.map((claim) => ({
          ...claim,
          checks: [
            ...claim.checks.map((check) => ({ ...check, numbers: { ...check.numbers, failureToSuccessMs: 1200, successRatio: 0.998 } })),
            ...claim.checks.map((check) => ({ ...check, numbers: { failureToSuccessMs: 1500, timeToSteadyMs: Number.NaN } })),
          ],
        })),
      }));
    const suite = { ...exampleSuite(), experiments: [...killed, ...exampleSuite().experiments.slice(1)] };
    expect(recoveryOf(suite.experiments[0] as SuiteVerdict["experiments"][number])).toEqual({ failureToSuccessMs: 1500 });
    expect(meanTimeToRepairMs(suite)).toBe(1500);
    expect(meanTimeToRepairMs(exampleSuite())).toBeUndefined();
    expect(throughputsOf(suite).map(({ instances, perSecond }) => [instances, perSecond])).toEqual([
      [1, 49.6],
      [2, 98.1],
      [4, 191],
    ]);
    const families = parseOpenMetrics(renderOpenMetrics(suite));
    expect(families.get("runproof_time_to_repair_seconds")).toEqual([["", 1.5]]);
    expect(families.get("runproof_experiment_success_ratio")).toEqual([['experiment="kill-a-queue-instance"', 0.998]]);
    expect(families.get("runproof_throughput_per_second")).toContainEqual(['experiment="scale-queue-instances",instances="4"', 191]);
    expect(families.get("runproof_claim_verdict")).toContainEqual(['claim="HS-6",verdict="violated"', 1]);
  });

  test("promtool agrees", async (context) => {
    const part = await provision({ only: ["prometheus"] }).catch((error: unknown) => {
      if (error instanceof MissingPartError) return context.skip(error.message);
      throw error;
    });
    const promtool = join(dirname(part.prometheus.path), "promtool");
    if (!existsSync(promtool)) return context.skip(`There is no promtool beside ${part.prometheus.path}.`);
    for (const [, suite] of suites) expect(await promtoolCheck(promtool, renderOpenMetrics(suite))).toEqual({ status: 0, said: "" });
    expect((await promtoolCheck(promtool, "runproof{a=}1\n")).status).not.toBe(0);
  });
});

const time = { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$" };
const activity = {
  type: "object",
  required: ["type", "name", "provider"],
  properties: {
    type: { enum: ["action", "probe"] },
    name: { type: "string", minLength: 1 },
    provider: {
      type: "object",
      required: ["type", "path"],
      properties: { type: { const: "process" }, path: { type: "string", minLength: 1 }, arguments: { type: "array", items: { type: "string" } } },
    },
  },
};
const result = (more: readonly string[] = []) => ({
  type: "object",
  required: ["activity", "status", "start", "end", "duration", "output", ...more],
  properties: {
    ...{ activity, status: { enum: ["succeeded", "failed"] }, start: time, end: time, duration: { type: "number", minimum: 0 } },
    ...{ output: { type: ["string", "null"] }, tolerance_met: { type: "boolean" } },
  },
});
const steadyState = {
  type: ["object", "null"],
  required: ["steady_state_met", "probes"],
  properties: { steady_state_met: { type: "boolean" }, probes: { type: "array", minItems: 1, items: result(["tolerance_met"]) } },
};
/** What chaostoolkit.org's "Experiment Journal" asks for, and the experiment's own required members. */
const journalShape = new Ajv2020({ allowUnionTypes: true }).compile({
  type: "object",
  required: ["chaoslib-version", "platform", "experiment", "start", "status", "deviated", "steady_states", "run", "rollbacks", "end", "duration"],
  properties: {
    ...{ start: time, end: time, duration: { type: "number", minimum: 0 }, deviated: { type: "boolean" } },
    status: { enum: ["completed", "failed", "aborted", "interrupted"] },
    run: { type: "array", items: result() },
    rollbacks: { type: "array", items: result() },
    steady_states: { type: "object", required: ["before", "after", "during"], properties: { before: steadyState, after: steadyState } },
    experiment: {
      type: "object",
      required: ["title", "description", "method"],
      properties: {
        ...{ title: { type: "string", minLength: 1 }, description: { type: "string" }, tags: { type: "array", items: { type: "string" } } },
        ...{ method: { type: "array", items: activity }, rollbacks: { type: "array", items: activity } },
        "steady-state-hypothesis": { type: "object", required: ["title", "probes"] },
      },
    },
  },
});

/** A strict reader of the part of OpenMetrics that is used: families in one piece with their metadata first, one sample a series, numbers, and the end. */
function parseOpenMetrics(text: string): Map<string, [labels: string, value: number][]> {
  const families = new Map<string, [string, number][]>();
  const lines = text.split("\n");
  expect(lines.splice(-2)).toEqual(["# EOF", ""]);
  let [current, typed] = ["", ""];
  for (const line of lines) {
    const meta = /^# (HELP|TYPE|UNIT) ([a-z_]+) (\S.*)$/.exec(line);
    if (meta) {
      const [, kind, name = "", rest] = meta;
      if (name !== current) {
        expect(families.has(name), `${name} is in one piece`).toBe(false);
        families.set(name, []);
        current = name;
      }
      if (kind === "TYPE") [typed] = [name, expect(rest).toBe("gauge")];
      if (kind === "UNIT") expect(name.endsWith(`_${rest}`)).toBe(true);
      continue;
    }
    const sample = /^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN)$/.exec(line);
    expect(sample, line).not.toBeNull();
    const [, name = "", labels = "", value] = sample ?? [];
    expect([name, typed]).toEqual([current, current]);
    const series = families.get(name) ?? [];
    expect(
      series.some(([other]) => other === labels),
      `${line} comes once`,
    ).toBe(false);
    series.push([labels, Number(value)]);
  }
  return families;
}

function promtoolCheck(promtool: string, text: string): Promise<{ status: number | null; said: string }> {
  const child = spawn(promtool, ["check", "metrics"], { stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (data) => {
    said += data;
  });
  child.stdin.end(text);
  return new Promise((done) => child.once("close", (status) => done({ status, said })));
}
