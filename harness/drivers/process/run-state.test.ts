import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isSameProcess, startTimeOf } from "./identity.ts";
import { cleanDeadRuns, markerName, openRunState } from "./run-state.ts";

describe("run state", () => {
  it("is a private directory that goes away", async () => {
    let directory: string;
    {
      await using state = await openRunState({ keep: false });
      directory = state.directory;
      expect(JSON.parse(await readFile(join(directory, "run.json"), "utf8")).pid).toBe(process.pid);
    }
    expect(existsSync(directory)).toBe(false);
  });

  it("down never touches a run whose harness lives", async () => {
    await using state = await openRunState({ keep: false });
    const { alive, removed } = await cleanDeadRuns();
    expect(alive).toContain(state.directory);
    expect(removed).not.toContain(state.directory);
    expect(existsSync(state.directory)).toBe(true);
  });

  it.runIf(process.platform === "linux")("down ends what a dead run left: by its marker, by where it works, and nothing else", async () => {
    const dead = spawnSync("true").pid;
    const id = `${dead}-test`;
    const directory = join(tmpdir(), `runproof-run-${id}`);
    await mkdir(directory);
    await writeFile(join(directory, "run.json"), JSON.stringify({ id, pid: dead, startTime: "1" }));
    const marked = spawn("sleep", ["60"], { env: { ...process.env, [markerName]: id }, detached: true });
    const inside = spawn("sleep", ["60"], { cwd: directory, detached: true });
    const other = spawn("sleep", ["60"], { detached: true });
    try {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { ended, removed } = await cleanDeadRuns();
      expect(ended).toEqual(expect.arrayContaining([`${marked.pid} (sleep)`, `${inside.pid} (sleep)`]));
      expect(removed).toContain(directory);
      expect(existsSync(directory)).toBe(false);
      expect(startTimeOf(other.pid as number)).toBeDefined();
    } finally {
      for (const child of [marked, inside, other]) child.kill("SIGKILL");
    }
  });

  it("tells a process from another that got its number", () => {
    const own = startTimeOf(process.pid) ?? "";
    expect(isSameProcess(process.pid, own)).toBe(true);
    expect(isSameProcess(process.pid, "12345")).toBe(process.platform !== "linux");
  });
});
