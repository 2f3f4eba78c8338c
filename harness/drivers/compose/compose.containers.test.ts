import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { messageOf } from "../../base/errors.ts";
import type { SuiteVerdict } from "../../core/verdict.ts";
import { scratch } from "../../provision/scratch.ts";
import { openEngine, openRunningEngine } from "./engine.ts";
import { ownEngineLeft } from "./own-engine.ts";

const main = fileURLToPath(new URL("../../main.ts", import.meta.url));

/** "" when containers can be run here; brings an engine along where that is possible. */
const why = await openEngine({ signal: AbortSignal.timeout(300_000), say: (line) => console.error(line) }).then(
  (engine) => engine[Symbol.asyncDispose]().then(() => ""),
  messageOf,
);

function start(...args: readonly string[]): { readonly child: ChildProcess; readonly output: () => string; readonly ended: Promise<number | null> } {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  return { child, output: () => output, ended: once(child, "close").then(([code]) => code as number | null) };
}

/** What any run has left on the engine, if it is still there. */
async function left(): Promise<readonly string[]> {
  const engine = await openRunningEngine();
  if (engine === undefined) return [];
  const filters = JSON.stringify({ label: ["dev.runproof.run"] });
  const unnamed = JSON.stringify({ dangling: ["true"], label: ["dev.runproof"] });
  const [containers, networks, { Volumes: volumes }, images] = await Promise.all([
    engine.docker.listContainers({ all: true, filters }),
    engine.docker.listNetworks({ filters }),
    engine.docker.listVolumes({ filters }),
    engine.docker.listImages({ filters: unnamed }),
  ]);
  return [
    ...containers.flatMap(({ Names }) => Names),
    ...networks.map(({ Name }) => Name),
    ...(volumes ?? []).map(({ Name }) => Name),
    ...images.map(({ Id }) => Id),
  ];
}

describe.skipIf(why !== "")(`the suite on containers${why === "" ? "" : ` (${why})`}`, () => {
  afterEach(() => start("down").ended);

  it("carries an experiment out: its fault bites, its claims hold, and nothing is left", async () => {
    const reports = scratch();
    const run = start("chaos", "--driver", "compose", "--only", "kill-a-queue-instance", "--seed", "7", "--reports", reports);
    expect(await run.ended, run.output()).toBe(0);
    const { driver, claims } = JSON.parse(await readFile(join(reports, "latest", "verdict.json"), "utf8")) as SuiteVerdict;
    expect(driver).toBe("compose");
    expect(claims.filter(({ verdict }) => verdict === "holds").map(({ id }) => id)).toEqual(["HA-2", "LG-3", "LG-5", "LG-8"]);
    expect(await left()).toEqual([]);
  });

  it.each([
    ["SIGINT", 130, []],
    ["SIGKILL", null, ["down"]],
  ] as const)("leaves nothing when %s ends it", async (signal, status, after) => {
    const run = start("chaos", "--driver", "compose", "--only", "kill-a-queue-instance", "--reports", scratch());
    for await (const chunk of run.child.stdout ?? []) if (String(chunk).includes("waiting for steady state")) break;
    expect((await left()).length).toBeGreaterThan(5);
    // With the harness goes whoever conducts for it inside the engine's namespace.
    if (signal === "SIGKILL") for (const pid of await childrenOf(run.child.pid ?? 0)) process.kill(pid, signal);
    run.child.kill(signal);
    expect(await run.ended).toBe(status);
    for (const command of after) expect(await start(command).ended).toBe(0);
    expect(await left()).toEqual([]);
    expect(ownEngineLeft()).toBe(false);
  });
});

async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text.trim().split(" ").filter(Boolean).map(Number);
}
