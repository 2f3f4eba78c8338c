import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CapacityResult } from "../capacity/result.ts";
import { capacityRun, pairsOf, slower } from "../capacity/testing/run.ts";
import { writeExampleRun } from "../report/example-run.ts";

const main = resolve(import.meta.dirname, "../main.ts");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "planning-"));
  await writeExampleRun(join(folder, "chaos"));
  await run("a", { noise: pairsOf(6, 1), pairs: pairsOf(12, 1.2), scaling: [1, 1, 1].map((by) => slower(by)) });
  await run("b", { noise: pairsOf(6, 1), scaling: [1.3, 1.3, 1.3].map((by) => slower(by)), startedAt: "2026-11-30T02:00:00.000Z" });
  await run("void", {});
  await mkdir(join(folder, "old"));
  await writeFile(join(folder, "old", "capacity.json"), '{"version": 0}');
  await run("no-machine", { machine: null as never });
  await run("no-counts", { scaling: [{ ...slower(1), counts: null as never }] });
  await run("hostile", {
    sustainable: {
      instances: 3,
      lowPerSecond: 30,
      highPerSecond: 31,
      stoppedBecause: "",
      limit: { by: "pool\u001b[31m\nfake" as never, evidence: "" },
    },
  });
  await writeFile(join(folder, "load.txt"), `# requests per second\n${"4\n".repeat(100)}`);
  await writeFile(join(folder, "words.txt"), "4\nfour\n");
  await writeFile(join(folder, "empty.txt"), "\n");
});
afterAll(() => rm(folder, { recursive: true }));

async function run(name: string, over: Partial<CapacityResult>): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, "capacity.json"), JSON.stringify(capacityRun(over)));
}

function runproof(...args: string[]): Promise<{ status: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    child.on("close", (status) => done({ status, out, err }));
  });
}

const guide = ["plan", "--rps", "10", "--service-time", "5", "--workers", "2"];

describe("bad input is one sentence, exit 64", () => {
  it.each([
    [["plan"], /--rps/],
    [["plan", "--rps", "0", "--service-time", "5", "--workers", "2"], /--rps.*above 0/],
    [["plan", "--rps", "ten"], /--rps.*ten.*above 0/],
    [["plan", "--rps", "10"], /^plan needs --service-time S and --workers N, or --from DIR/],
    [[...guide, "--utilisation", "1"], /--utilisation.*below 1/],
    [[...guide, "--service-cv", "-1"], /--service-cv.*at least 0/],
    [[...guide, "--workers", "1.5"], /--workers.*whole number/],
    [["plan", "--rps", "1e9", "--service-time", "5", "--workers", "2"], /^--rps times --service-time was expected to be at most 100000/],
    [[...guide, "--replay", "load.txt"], /^--replay needs --cpu-per-request/],
    [[...guide, "--replay", "no-such-file", "--cpu-per-request", "1"], /^no-such-file .*cannot be read/],
    [[...guide, "--replay", "words.txt", "--cpu-per-request", "1"], /^words\.txt line 2 .*"four"/],
    [[...guide, "--replay", "empty.txt", "--cpu-per-request", "1"], /^empty\.txt has no numbers/],
    [[...guide, "--from", "a"], /^--from plans from what was measured: --service-time was not expected/],
    [["plan", "--rps", "10", "--from", "nowhere"], /^nowhere was expected to be the directory of a capacity run/],
    [["plan", "--rps", "10", "--from", "old"], /version 1/],
    [["plan", "--rps", "10", "--from", "no-machine"], /have an object "machine" and has not/],
    [["compare", "a", "no-counts"], /have points with validity and counts/],
    [["compare"], /missing required argument/],
    [["compare", "a", "chaos"], /same kind.*chaos is not/],
    [["compare", "chaos", "nowhere"], /nowhere/],
    [["compare", "b"], /has no pairs of windows/],
    [["baseline"], /holds no baselines yet/],
    [["baseline", "void"], /^void has no valid figure/],
    [["baseline", "--file", "words.txt"], /words\.txt/],
  ])("%j", async (args, message) => {
    const { status, out, err } = await runproof(...args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect([status, out]).toEqual([64, ""]);
  });
});

describe("plan", () => {
  it("the guide's example", async () => {
    const { status, out } = await runproof(...guide);
    expect(status).toBe(0);
    expect(out).toMatch(/10 x 5 \/ 2 = 25 instances.*13 instances, which carry 5\.2 requests\/s/);
    expect(out).toMatch(/Needed: 36 instances/);
  });

  it("as JSON, with an autoscaler on a load", async () => {
    const { status, out } = await runproof(...guide, "--replay", "load.txt", "--cpu-per-request", "0.1", "--json");
    const { needed, rows, replayed } = JSON.parse(out);
    expect([status, needed, rows[0].p95Seconds]).toEqual([0, 36, "Infinity"]);
    expect(replayed).toMatchObject({ least: 3, most: 3, behind: 100 });
  });

  it("an objective that nothing keeps is exit 2", async () => {
    expect((await runproof(...guide, "--p95", "1")).status).toBe(2);
  });

  it("from a run that cannot tell is exit 2", async () => {
    const { status, out } = await runproof("plan", "--rps", "10", "--from", "a");
    expect([status, out]).toEqual([2, expect.stringMatching(/^No growth can be predicted from this run\./)]);
  });

  it("what a run wrote stays on its line, without escapes", async () => {
    const { out } = await runproof("plan", "--rps", "10", "--from", "hostile");
    expect(out).toMatch(/^Measured: 3 instances .*limited by pool fake\.\n/);
  });
});

describe("compare", () => {
  it("pairs within one run: worse is exit 1", async () => {
    const { status, out } = await runproof("compare", "a");
    expect(out).toMatch(/^12 pairs, after 6 of A against itself\.\n.*\nworse\n$/s);
    expect(status).toBe(1);
  });

  it("two runs, and one with itself", async () => {
    expect((await runproof("compare", "a", "b")).status).toBe(1);
    const { status, out } = await runproof("compare", "a", "a", "--json");
    expect([status, JSON.parse(out).verdict]).toEqual([0, "same"]);
  });

  it("two chaos runs", async () => {
    const { status, out } = await runproof("compare", "chaos", "chaos");
    expect(out).toMatch(/Times and rates have no verdict/);
    expect(out).not.toContain("\u001b");
    expect(status).toBe(2);
  });
});

describe("baseline", () => {
  it("adds the figures of runs, and has no verdict before thirty nights", async () => {
    const { status, out } = await runproof("baseline", "a", "b", "--file", "kept/baselines.jsonl");
    expect(out).toMatch(/: 2 of 30 nights, no verdict yet\./);
    expect(status).toBe(2);
    const lines = (await readFile(join(folder, "kept/baselines.jsonl"), "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).machine)).toEqual(new Array(2).fill("A processor | 2 cores | 24 GiB | 6.18 | v24.21.0"));
  });
});
