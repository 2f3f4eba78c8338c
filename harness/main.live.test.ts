/** What a run leaves behind when it is interrupted, killed, or shares the machine: nothing. Each test starts the real command on the real stack. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "./base/clock.ts";

const bootstrap = resolve(import.meta.dirname, "provision/bootstrap.mjs");
const main = resolve(import.meta.dirname, "main.ts");
let reports = "";
beforeAll(async () => {
  reports = await mkdtemp(join(tmpdir(), "live-reports-"));
});
afterAll(() => rm(reports, { recursive: true }));

interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

/** Starts the command in a process group of its own, as a terminal would. */
function chaos(entry: string, ...args: string[]): Running {
  const child = spawn(process.execPath, [entry, "chaos", "--reports", reports, ...args], { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data) => {
      text += data;
    });
  }
  const ended = new Promise<number | null>((done) => child.once("close", done));
  return { child, output: () => text, ended };
}

const shows = (running: Running, what: string, withinMs = 60_000): Promise<true> =>
  until(`The run was expected to print "${what}"; it printed:\n${running.output()}`, () => (running.output().includes(what) ? true : undefined), {
    withinMs,
  });

const runDirectories = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("runproof-run-"));

/** Processes that belong to a run which was begun by one of ours: they carry its marker or work in its directory. */
function processesOf(directories: readonly string[]): string[] {
  const found: string[] = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      if (directories.some((name) => command.includes(name) || environment.includes(`RUNPROOF_RUN=${name.slice("runproof-run-".length)}`)))
        found.push(command);
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

/** Port locks whose owner is that harness. */
function locksOf(pids: ReadonlySet<string>): string[] {
  const folder = join(tmpdir(), "runproof-ports");
  return readdirSync(folder).filter(
    (port) => existsSync(join(folder, port)) && pids.has(readFileSync(join(folder, port), "utf8").split(" ")[0] ?? ""),
  );
}

/** The private directory that appeared since `before`. */
async function newDirectory(before: readonly string[]): Promise<string> {
  return until("A private directory was expected to appear", () => runDirectories().find((name) => !before.includes(name)), { withinMs: 30_000 });
}

const pidOf = (directory: string): string => directory.split("-")[2] ?? "";

describe.runIf(process.platform === "linux")("a run leaves nothing behind", () => {
  it.each([
    ["while the stack starts", "starting the stack"],
    ["while the load runs", "waiting for steady state  "],
    ["while faults strike", "] faults"],
  ])("when Ctrl-C comes %s", async (_, moment) => {
    const before = runDirectories();
    const running = chaos(bootstrap, "--only", "kill-a-queue-instance", "--seed", "1");
    const directory = await newDirectory(before);
    await shows(running, moment);
    // A terminal signals the whole group, and npm passes its own on a moment later.
    process.kill(-(running.child.pid as number), "SIGINT");
    setTimeout(() => running.child.kill("SIGINT"), 100);
    expect(await running.ended).toBe(130);
    expect(running.output()).toContain("Interrupted");
    expect(running.output()).not.toMatch(/\n\s+at /);
    expect(processesOf([directory])).toEqual([]);
    expect(existsSync(join(tmpdir(), directory))).toBe(false);
    expect(locksOf(new Set([pidOf(directory)]))).toEqual([]);
  });

  it("when the harness is killed with SIGKILL and `runproof down` is called; a run that is alive is not touched", async () => {
    const before = runDirectories();
    const killed = chaos(main, "--only", "partition-from-redis", "--seed", "2");
    const dead = await newDirectory(before);
    // One that lasts, however slow the machine is.
    const alive = chaos(main, "--only", "soak-without-faults", "--seed", "3");
    const living = await newDirectory([...before, dead]);
    // Two suites at once: both get as far as their load.
    await shows(killed, "waiting for steady state  ");
    await shows(alive, "waiting for steady state  ");
    // Until every recorder has something to say.
    await until("Operations were expected", () => (/ [1-9]\d* operations/.test(killed.output()) ? true : undefined), { withinMs: 60_000 });
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(processesOf([dead]).length).toBeGreaterThan(5);
    // What it had recorded is judged as far as it goes, while its load may still be writing.
    const record = readdirSync(reports).find((name) => name.endsWith("Z-2")) ?? "";
    const check = spawn(process.execPath, [main, "check", join(reports, record)], { stdio: ["ignore", "pipe", "inherit"] });
    let judged = "";
    check.stdout.on("data", (data) => {
      judged += data;
    });
    expect(await new Promise((done) => check.once("close", done))).toBe(2);
    expect(judged).toContain("The record has no end, because the harness was killed or gave up; it is judged up to");
    expect(judged).not.toContain("violated");

    const down = spawn(process.execPath, [main, "down"], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    down.stdout.on("data", (data) => {
      said += data;
    });
    expect(await new Promise((done) => down.once("close", done))).toBe(0);
    expect(said).toContain(dead);
    const leftAlone = said.split("\n").find((line) => line.startsWith("left alone"));
    expect(leftAlone).toContain(living);
    expect(leftAlone).not.toContain(dead);
    expect(processesOf([dead])).toEqual([]);
    expect(existsSync(join(tmpdir(), dead))).toBe(false);
    expect(locksOf(new Set([pidOf(dead)]))).toEqual([]);
    expect(locksOf(new Set([pidOf(living)])).length).toBeGreaterThan(5);
    expect(processesOf([living]).length).toBeGreaterThan(5);

    alive.child.kill("SIGTERM");
    expect(await alive.ended).toBe(130);
    expect(processesOf([living])).toEqual([]);
  });
});
