/** One supervised child: its own process group (a terminal's Ctrl-C must reach only us), its output in a file, its end awaited. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { until } from "../../base/clock.ts";
import { messageOf } from "../../base/errors.ts";
import { markerName } from "./run-state.ts";

/** A program that was provisioned. */
export interface Part {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Below the run's directory, so that `runproof down` finds the child by it. */
  readonly cwd: string;
  readonly logFile: string;
  readonly marker: string;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

export interface Child extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  /** Resolves with "exit 0" or "signal SIGKILL" when the process is gone and reaped. */
  readonly ended: Promise<string>;
  /** How it ended, or undefined while it lives. */
  readonly outcome: () => string | undefined;
  signal(name: NodeJS.Signals): void;
  /** Sends `first`, then SIGKILL once `graceMs` have passed; resolves with how it ended. */
  stop(first: NodeJS.Signals, graceMs: number): Promise<string>;
}

export async function startChild(spec: ChildSpec): Promise<Child> {
  const log = openSync(spec.logFile, "a");
  const child = spawn(spec.command, [...spec.args], {
    cwd: spec.cwd,
    // A child gets what it is given and the bare minimum of ours: secrets of the user's environment stay out of it.
    env: { PATH: process.env.PATH ?? "", LANG: "C.UTF-8", TZ: "UTC", ...spec.env, [markerName]: spec.marker },
    stdio: ["ignore", log, log],
    detached: true,
    ...(spec.uid === undefined ? {} : { uid: spec.uid }),
    ...(spec.gid === undefined ? {} : { gid: spec.gid }),
  });
  closeSync(log);
  let outcome: string | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      outcome = signal ? `signal ${signal}` : `exit ${code}`;
      resolve(outcome);
    });
  });
  const pid = await pidOf(child, spec);
  const signal = (name: NodeJS.Signals): void => {
    if (outcome === undefined) child.kill(name);
  };
  const stop = async (first: NodeJS.Signals, graceMs: number): Promise<string> => {
    signal(first);
    const timer = setTimeout(() => signal("SIGKILL"), graceMs);
    const how = await ended;
    clearTimeout(timer);
    return how;
  };
  return {
    name: spec.name,
    pid,
    ended,
    outcome: () => outcome,
    signal,
    stop,
    async [Symbol.asyncDispose]() {
      signal("SIGCONT");
      await stop("SIGKILL", 0);
      await groupIsGone(pid);
    },
  };
}

export interface Readiness {
  /** "Redis was expected to answer PING on 127.0.0.1:10007" */
  readonly what: string;
  /** Whether it is ready now; throwing means not yet. */
  readonly probe: () => Promise<boolean>;
  readonly withinMs: number;
}

/** A child ended by itself before it was ready. */
export class EndedEarly extends Error {}

/** Starts a child and waits until it is ready. A child that ends before (EndedEarly), or is not ready in time, is gone when this throws with the end of its log. */
export async function startReady(spec: ChildSpec, { what, probe, withinMs }: Readiness): Promise<Child> {
  const child = await startChild(spec);
  try {
    const early = await until(what, async () => child.outcome() ?? ((await probe()) ? "" : undefined), { withinMs, everyMs: 10 });
    if (early !== "") throw new EndedEarly(`${what}, and it ended with ${early}.`);
    return child;
  } catch (error) {
    await child[Symbol.asyncDispose]();
    const text = `${messageOf(error)} The end of its log:\n${endOfLog(spec.logFile)}`;
    throw error instanceof EndedEarly ? new EndedEarly(text) : new Error(text);
  }
}

const pidOf = (child: ChildProcess, spec: ChildSpec): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child.pid as number));
    child.once("error", (error) => reject(new Error(`${spec.name} could not be started (${spec.command}): ${error.message}`)));
  });

/** The child's own children (Postgres backends, nginx workers) belong to its group; they must be gone too. */
async function groupIsGone(pid: number): Promise<void> {
  await until(
    `The process group of ${pid} was expected to end`,
    () => {
      try {
        process.kill(-pid, "SIGKILL");
        return undefined;
      } catch {
        return true;
      }
    },
    { withinMs: 10_000, everyMs: 10 },
  );
}

/** The last lines of a log, for an error's sentence. */
export function endOfLog(path: string, lines = 8): string {
  try {
    return readFileSync(path, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "(no log)";
  }
}
