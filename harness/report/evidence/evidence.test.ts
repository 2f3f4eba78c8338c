import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { check, exampleSuite, writeExampleRun } from "../example-run.ts";
import { hostile } from "../hostile.ts";
import { readExperiment } from "../read-experiment.ts";
import { readHistory } from "../read-history.ts";
import { secretsOf } from "../secrets.ts";
import { writeReport } from "../write-report.ts";
import { citesOf } from "./cites.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "runproof-evidence-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

const [, pause] = exampleSuite().experiments;
if (!pause) throw new Error("The example suite was expected to have a second experiment.");

/** The experiment with one check, violated by these. */
function violatedBy(...texts: readonly string[]): typeof pause & object {
  const counterexamples = texts.map((text, i) => ({ time: 14_230 + i, text }));
  return {
    ...(pause as typeof pause & object),
    claims: [{ claim: "HS-6", verdict: "violated", summary: "", checks: [check("x", "violated", "", { counterexamples })] }],
  };
}

describe("what a counterexample cites", () => {
  test.each([
    [
      "run r-17 was completed by queue-2 (attempt 1) while queue-3 was running attempt 2 (transitions 2336, 2489) at 21.086 s.",
      { subjects: ["r-17"], transitions: [2336, 2489] },
    ],
    ["critical sections of agent a-17 overlapped (ledger 5120, 5133).", { subjects: ["a-17"], ledger: [5120, 5133] }],
    [
      "the cancel of run 0458f7a2 was refused (operation 10), but it became success (transition 77).",
      { subjects: ["0458f7a2"], operations: [10], transitions: [77] },
    ],
    ["the key 1-0 was accepted with two bodies (operations 0, 2, at 4.819 s).", { subjects: ["1-0"], operations: [0, 2] }],
    ["agent a-1 accepted a write with token 3 (writes 8, 9, at 1 s).", { subjects: ["a-1"], writes: [8, 9] }],
  ])("%s", (text, expected) => {
    expect(citesOf(violatedBy(text))).toEqual([expect.objectContaining({ ...expected, text, place: 0 })]);
  });

  test("nothing that names no record, nothing twice, and never more than six", () => {
    expect(citesOf(violatedBy("2 instances completed 28.3 runs/s.", "the run was late"))).toEqual([]);
    expect(citesOf(violatedBy("run r1 (ledger 1)", "run r1 (ledger 1)"))).toHaveLength(1);
    expect(citesOf(violatedBy(...Array.from({ length: 9 }, (_, i) => `run r${i} (ledger ${i})`)))).toHaveLength(6);
  });

  test("whatever the sentence, it is read without failing", () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => citesOf(violatedBy(`run ${text} (ledger ${text})`)).length <= 1));
  });
});

test("the records of the cited agent become lanes and events in time, the cited ones marked; those of others do not", async () => {
  await writeExampleRun(directory);
  const folder = join(directory, "pause-a-lock-holder");
  const other = {
    seq: 5121,
    time: 14_000,
    kind: "enter",
    scope: "lock",
    subject: "a-170",
    token: 7,
    instance: "queue-1",
    section: "x",
    step: 0,
    nonce: "",
  };
  await writeFile(join(folder, "ledger.jsonl"), `${await readFile(join(folder, "ledger.jsonl"), "utf8")}${JSON.stringify(other)}\n`);
  const { evidence } = await readExperiment(folder, 41_000, 600, { cites: citesOf(pause).slice(0, 1) });
  expect(evidence.map(({ subjects, lanes }) => [subjects, lanes.map(({ name }) => name)])).toEqual([[["a-17"], ["faults", "queue-2", "queue-3"]]]);
  const [first] = evidence;
  expect(first?.events.filter(({ cited }) => cited).map(({ text }) => text)).toEqual([
    "token 41 entered (ledger 5120)",
    "token 42 entered (ledger 5133)",
  ]);
  expect(first?.events.map(({ time }) => time)).toEqual(first?.events.map(({ time }) => time).toSorted((a, b) => a - b));
  expect(first?.lanes[1]?.bars).toEqual([{ kind: "section", from: 13_100, to: 15_042, label: "token 41", cited: true }]);
});

test("a cited operation is found by its number and with its answer, whatever it is about", async () => {
  await writeExampleRun(directory);
  const text = "the key k3 was accepted with two bodies (operations 3, 2000)";
  const { evidence } = await readExperiment(join(directory, "pause-a-lock-holder"), 41_000, 600, { cites: citesOf(violatedBy(text)) });
  expect(evidence[0]?.events.filter(({ lane }) => lane === "clients").map(({ text }) => text.replace(/[\d.]+ ms/, "… ms"))).toEqual([
    "c3 asked create: ok by api-1 after … ms (operation 3)",
    "c2000 asked create: never answered (operation 2000)",
  ]);
});

test("other clients' operations are numbered after the load's, and stand on the harness clock", async () => {
  await writeExampleRun(directory);
  const folder = join(directory, "pause-a-lock-holder");
  const lines = [
    { type: "invoke", time: 14_000, process: "s1", f: "join", key: "r-9" },
    { type: "ok", time: 14_500, process: "s1", f: "join", served: "yes", value: { events: 3 } },
  ];
  await writeFile(join(folder, "streams.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const { evidence } = await readExperiment(folder, 41_000, 600, { cites: citesOf(violatedBy("a stream has a gap (operation 4680, at 14.5 s)")) });
  expect(evidence[0]?.events.find(({ lane }) => lane === "clients")).toMatchObject({
    ...{ time: 14_000, cited: true },
    text: 's1 asked join: ok {"events":3} after 500 ms (operation 4680)',
  });
});

test("lines as our recorders write them and any other spelling of them say the same", async () => {
  const spelled = (line: object, odd: boolean): string =>
    odd ? JSON.stringify(Object.fromEntries(Object.entries(line).reverse())) : JSON.stringify(line);
  const lines = [
    { type: "clock", time: 0, harness: 1000, delta: 1 },
    { type: "invoke", time: 1.5, process: "vu1.0", f: "create", key: "k", value: { intended: 9 }, intended: 1 },
    { type: "ok", time: 2.5, process: "vu1.0", f: "create", served: "shed", value: { served: "yes", type: "fail" }, by: "api-1" },
    { type: "invoke", time: 3, process: 'v"ü', f: "wait", value: { a: 1, intended: 5 } },
    { type: "info", time: 4, process: 'v"ü', f: "wait", served: "error", error: "}" },
    { type: "invoke", time: 5, process: "open", f: "wait" },
  ];
  const read = async (odd: boolean) => {
    await writeFile(join(directory, "history.jsonl"), lines.map((line) => `${spelled(line, odd)}\n`).join(""));
    const { operations, ...rest } = await readHistory(join(directory, "history.jsonl"), 1e6, { indices: new Set(), subjects: [], take: () => {} });
    return { ...rest, all: Array.from({ length: operations.count }, (_, i) => operations.at(i)) };
  };
  const usual = await read(false);
  expect(usual).toMatchObject({ offsetMs: 1000, lastAt: 5, scheduled: 1, invocations: 3, open: 1, strays: 0, notes: [] });
  expect(usual.all).toEqual([
    { intendedAt: 1, invokedAt: 1.5, answeredAt: 2.5, served: "shed", timed: true, unknown: false },
    { intendedAt: 3, invokedAt: 3, answeredAt: 4, served: "error", timed: false, unknown: true },
  ]);
  expect(await read(true)).toEqual(usual);
});

test("10 MB of hostile text in every record leave a small page without any of its markup", async () => {
  await writeExampleRun(directory);
  const folder = join(directory, "pause-a-lock-holder");
  const huge = hostile.repeat(Math.ceil(10_000_000 / hostile.length));
  const log = { level: "error", time: "2025-11-21T08:00:14.200Z", msg: huge, agent: "a-17" };
  await writeFile(join(folder, "logs", "queue-2.log"), `${JSON.stringify(log)}\n${JSON.stringify({ ...log, msg: hostile })}\n`);
  const entry = {
    seq: 5120,
    time: 14_000,
    kind: "enter",
    scope: "lock",
    subject: "a-17",
    token: 41,
    instance: hostile,
    section: huge.slice(0, 1e6),
    step: 0,
    nonce: "",
  };
  await writeFile(join(folder, "ledger.jsonl"), `${JSON.stringify(entry)}\n`);
  await mkdir(join(folder, "logs", "folder.log"));
  const page = await readFile((await writeReport(directory)).html, "utf8");
  expect(page.length).toBeLessThan(400_000);
  expect(page).not.toContain("<script>window.pwned");
  expect(page).not.toContain("<img");
  expect(page).not.toContain("\u001b");
  expect(page).toContain("Logs around it");
});

test("what the environment calls a secret reaches no file of the report, however it is written there", async () => {
  const canary = `canary "<&'>" ${"x".repeat(8)}`;
  vi.stubEnv("SERVICE_API_KEY", canary);
  vi.stubEnv("SHORT_TOKEN", "lock");
  const suite = exampleSuite();
  await writeExampleRun(directory, { ...suite, claims: suite.claims.map((claim) => ({ ...claim, summary: `${claim.summary} ${canary}` })) });
  const folder = join(directory, "pause-a-lock-holder");
  await writeFile(
    join(folder, "logs", "queue-2.log"),
    `${JSON.stringify({ level: "warn", time: "2025-11-21T08:00:14.200Z", msg: `a-17 ${canary}` })}\n`,
  );
  await writeReport(directory);
  for (const file of ["report.html", "junit.xml", "summary.md", "metrics.txt"]) {
    const text = await readFile(join(directory, file), "utf8");
    expect(text, file).not.toMatch(/canary|xxxxxxxx/);
  }
  const page = await readFile(join(directory, "report.html"), "utf8");
  expect(page).toContain("[value of SERVICE_API_KEY]");
  expect(page).toContain("a-17 was held by queue-2");
});

test("only secrets are taken out", () => {
  const { text: hide } = secretsOf({ PATH: "/usr/bin:/bin", DB_PASSWORD: "correct horse", TOKEN: "a", OTHER_SECRET: "correct horse battery" });
  expect(hide("/usr/bin:/bin a correct horse battery, correct%20horse, correct horse")).toBe(
    "/usr/bin:/bin a [value of OTHER_SECRET], [value of DB_PASSWORD], [value of DB_PASSWORD]",
  );
});
