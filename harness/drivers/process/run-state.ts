/**
 * The private directory of a run and what it takes to find a dead run's remains: `run.json` names the harness, every child carries the
 * run's marker in its environment and works below the directory.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleep } from "../../base/clock.ts";
import { isSameProcess, startTimeOf } from "./identity.ts";
import { releaseDeadPorts } from "./ports.ts";

const prefix = "runproof-run-";
export const markerName = "RUNPROOF_RUN";

export interface RunState extends AsyncDisposable {
  readonly id: string;
  readonly directory: string;
}

/** Makes the private directory of this run. Disposing removes it; children must be gone by then. */
export async function openRunState(options: { readonly keep: boolean }): Promise<RunState> {
  const id = `${process.pid}-${Date.now().toString(36)}`;
  const directory = join(tmpdir(), prefix + id);
  // Others may pass through but not list: Postgres runs under another user when we are root.
  await mkdir(directory, { mode: 0o711 });
  await writeFile(join(directory, "run.json"), JSON.stringify({ id, pid: process.pid, startTime: startTimeOf(process.pid) ?? "" }));
  return {
    id,
    directory,
    async [Symbol.asyncDispose]() {
      if (!options.keep) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What `down` did. */
export interface Cleaned {
  readonly ended: readonly string[];
  readonly removed: readonly string[];
  readonly alive: readonly string[];
}

/** Those whose harness lives, with its process. */
export function liveRuns(): readonly { readonly directory: string; readonly pid: number }[] {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix));
  return names
    .map((name) => ({ directory: join(tmpdir(), name), marker: name.slice(prefix.length) }))
    .filter(({ directory, marker }) => isAlive(directory, marker))
    .map(({ directory, marker }) => ({ directory, pid: Number(marker.split("-")[0]) }));
}

/** Ends the processes and removes the directories and port locks of runs whose harness is dead. A run whose harness lives is never touched. */
export async function cleanDeadRuns(): Promise<Cleaned> {
  const ended: string[] = [];
  const removed: string[] = [];
  const alive: string[] = [];
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const directory = join(tmpdir(), name);
    const marker = name.slice(prefix.length);
    if (isAlive(directory, marker)) {
      alive.push(directory);
      continue;
    }
    for (let round = 0; round < 50; round++) {
      const left = processesOf(marker, directory);
      if (left.length === 0) break;
      for (const { pid, command } of left) {
        try {
          process.kill(pid, "SIGKILL");
          ended.push(`${pid} (${command})`);
        } catch {
          // Gone meanwhile, or another user's: the next round shows which.
        }
      }
      await sleep(100);
    }
    await rm(directory, { recursive: true, force: true });
    removed.push(directory);
  }
  releaseDeadPorts();
  return { ended: [...new Set(ended)], removed, alive };
}

/** Whether the harness of the run with this marker lives. */
export const isRunAlive = (marker: string): boolean => isAlive(join(tmpdir(), prefix + marker), marker);

/** A directory without its `run.json` is being made or removed right now by the process in its name, if that lives. */
function isAlive(directory: string, marker: string): boolean {
  try {
    const { pid, startTime } = JSON.parse(readFileSync(join(directory, "run.json"), "utf8")) as { pid: number; startTime: string };
    return isSameProcess(pid, startTime);
  } catch {
    return startTimeOf(Number(marker.split("-")[0])) !== undefined;
  }
}

/** Processes that carry the run's marker or work below its directory (servers that rewrite their title lose their environment). */
function processesOf(marker: string, directory: string): { pid: number; command: string }[] {
  const found: { pid: number; command: string }[] = [];
  if (!existsSync("/proc")) return found;
  for (const entry of readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid || startTimeOf(pid) === undefined) continue;
    if (hasMarker(pid, marker) || worksBelow(pid, directory)) found.push({ pid, command: commandOf(pid) });
  }
  return found;
}

function hasMarker(pid: number, marker: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${markerName}=${marker}`);
  } catch {
    return false;
  }
}

function worksBelow(pid: number, directory: string): boolean {
  try {
    const at = readlinkSync(`/proc/${pid}/cwd`);
    return at === directory || at.startsWith(`${directory}/`);
  } catch {
    return false;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "gone";
  }
}
