/** An instance in a process of its own, for tests that signal or kill it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Config } from "../config.ts";
import { endWithUs } from "./end-with-us.ts";
import { eventually } from "./services.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

export interface InstanceProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The port it serves on; 0 before it has one. */
  readonly port: number;
  /** The lines of its log so far. */
  log(): readonly Readonly<Record<string, unknown>>[];
  /** Exit status and signal, when it has ended. */
  readonly exited: Promise<readonly [number | null, NodeJS.Signals | null]>;
}

/** The environment that says what `config` says: heartbeatTimeoutMs is HEARTBEAT_TIMEOUT_MS. Instances with other settings than the others' are refused. */
export function environmentOf(config: Config): Record<string, string> {
  const said = Object.entries(config).filter(([, value]) => typeof value === "string" || typeof value === "number");
  const env = said.map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(), String(value)]);
  return { PATH: process.env.PATH ?? "", ...Object.fromEntries(env) };
}

/** Starts the process; resolves when its log says so: it serves, or waits for the active instance to end. Disposing kills it if it still lives. */
export async function startProcess(
  config: Config,
  over: Readonly<Record<string, string>> = {},
  until: "ready" | "passive" = "ready",
): Promise<InstanceProcess> {
  const child = spawn(process.execPath, [main], { env: { ...environmentOf(config), ...over }, stdio: ["ignore", "pipe", "inherit"], detached: true });
  const ending = endWithUs(child.pid);
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const log = () =>
    output
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(async () => {
    child.kill("SIGKILL");
    await exited;
    ending[Symbol.dispose]();
  });
  await eventually(
    async () => log().some((line) => line.msg === until),
    (said) => said,
    90_000,
  );
  const owned = cleanup.move();
  return {
    child,
    get port() {
      return Number(log().find((line) => line.msg === "listening" && line.port !== undefined)?.port ?? 0);
    },
    log,
    exited,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
