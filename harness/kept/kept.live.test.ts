/** The real commands on a deployment of processes that is kept. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { until } from "../base/clock.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  return { child, ended: once(child, "close").then(([status]) => ({ status: status as number | null, output })) };
}

const runproof = (...args: readonly string[]): Promise<{ readonly status: number | null; readonly output: string }> => start(...args).ended;

/** The rows of a status by the part's name: state, process, address. */
const rowsOf = (output: string): ReadonlyMap<string, readonly string[]> =>
  new Map(
    output
      .split("\n")
      .map((line) => line.split(/ {2,}/))
      .map(([name = "", ...rest]) => [name, rest]),
  );
const pidOf = (output: string, name: string): number => Number(rowsOf(output).get(name)?.[1]);
const directoryOf = (output: string): string => /logs: (.*)$/m.exec(output)?.[1] ?? "";

/** Whatever still works in a directory, or carries the marker that its name ends in. */
function processesOf(directory: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").includes(`RUNPROOF_RUN=${directory.split("runproof-run-")[1]}`);
    } catch {
      return false;
    }
  });
}

describe.runIf(process.platform === "linux")("a deployment of processes that is kept", () => {
  // Apart from one that somebody keeps on this machine.
  let own = "";
  beforeEach(async () => {
    own = await mkdtemp(join(tmpdir(), "runproof-test-"));
    // Postgres runs under another user when we are root.
    await chmod(own, 0o711);
    vi.stubEnv("TMPDIR", own);
  });
  afterEach(async () => {
    await runproof("down");
    vi.unstubAllEnvs();
    await rm(own, { recursive: true });
  });

  it("serves, grows and shrinks, has what was ended started again, shows its logs, and goes", async () => {
    expect(await runproof("status")).toMatchObject({ status: 69, output: expect.stringContaining("Start one with `runproof up`") });
    const up = await runproof("up", "--api", "1", "--queue", "1");
    expect(up, up.output).toMatchObject({ status: 0 });
    const directory = directoryOf(up.output);
    const url = /balancer is at (\S+)\. /.exec(up.output)?.[1] ?? "";
    const answersBy = async (): Promise<string | null> => (await fetch(`${url}/api/v1/monitoring/ready`)).headers.get("X-Instance-Id");
    expect(await answersBy()).toBe("api-1");
    expect([...rowsOf(up.output)].filter(([, [state]]) => state === "ready").map(([name]) => name)).toEqual(["api-1", "queue-1"]);

    const grown = await runproof("scale", "api=2", "queue=2");
    expect([...rowsOf(grown.output)].filter(([, [state]]) => state === "ready").map(([name]) => name)).toEqual([
      "api-1",
      "queue-1",
      "api-2",
      "queue-2",
    ]);
    const served = new Set<string | null>();
    await until("Both were expected to answer", async () => (served.add(await answersBy()).size === 2 ? true : undefined), { withinMs: 10_000 });

    process.kill(pidOf(grown.output, "queue-1"), "SIGKILL");
    process.kill(pidOf(grown.output, "redis"), "SIGKILL");
    const ended = async () => (rowsOf((await runproof("status")).output).get("queue-1")?.[0] === "ended" ? true : undefined);
    await until("The instance was expected to be told as ended", ended, { withinMs: 10_000 });
    const again = await runproof("up", "--api", "1", "--queue", "2");
    expect([...rowsOf(again.output)].map(([name, [state]]) => [name, state]).slice(0, 4)).toEqual([
      ["api-1", "ready"],
      ["queue-1", "ready"],
      ["api-2", "ended"],
      ["queue-2", "ready"],
    ]);
    expect(pidOf(again.output, "queue-1")).not.toBe(pidOf(grown.output, "queue-1"));
    expect(await Promise.all([1, 2, 3, 4].map(answersBy))).toEqual(["api-1", "api-1", "api-1", "api-1"]);

    const logs = await runproof("logs", "queue", "--tail", "2");
    expect(
      new Set(
        logs.output
          .trimEnd()
          .split("\n")
          .map((line) => line.split(" | ")[0]),
      ),
    ).toEqual(new Set(["queue-1", "queue-2"]));
    expect(await runproof("scale", "cron=1")).toMatchObject({ status: 64, output: expect.stringContaining('no role "cron"') });
    expect(await runproof("up", "--topology", "ha")).toMatchObject({ output: expect.stringContaining("has the topology single") });

    expect(await runproof("down")).toMatchObject({ status: 0, output: expect.stringContaining("the kept deployment of processes") });
    expect([processesOf(directory), existsSync(directory)]).toEqual([[], false]);
  });

  it("leaves nothing when Ctrl-C comes while it starts, or when its keeper is killed and `down` is called", async () => {
    const stopped = start("up");
    const begun = await until("A private directory was expected", () => readdirSync(own).find((name) => name.startsWith("runproof-run-")), {
      withinMs: 30_000,
    });
    const directory = join(own, begun);
    stopped.child.kill("SIGINT");
    expect((await stopped.ended).status).toBe(130);
    expect([processesOf(directory), existsSync(directory)]).toEqual([[], false]);

    const up = await runproof("up", "--api", "1", "--queue", "1");
    const kept = directoryOf(up.output);
    process.kill(Number(/runproof-run-(\d+)-/.exec(kept)?.[1]), "SIGKILL");
    expect(processesOf(kept).length).toBeGreaterThan(2);
    expect((await runproof("down")).status).toBe(0);
    expect([processesOf(kept), existsSync(kept)]).toEqual([[], false]);
  });
});
