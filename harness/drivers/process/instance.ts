/** One instance of the system under test: a Node process that keeps its name, port and ledger address over restarts. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../../base/errors.ts";
import type { InstanceSpec, Target } from "../../core/target.ts";
import { ask, readGauges, wallClockAhead } from "../asking.ts";
import type { Instance } from "../stack.ts";
import { type Child, startReady } from "./child.ts";
import { stateOf } from "./identity.ts";

const run = promisify(execFile);
/** A second on an idle machine; on a busy one, Node alone may take twenty (ms). */
const startsWithinMs = 45_000;

export interface ProcessInstance extends Instance, AsyncDisposable {
  /** Its program, relative to the copied tree. */
  readonly entry: string;
}

export function defineInstance(options: {
  readonly name: string;
  readonly role: string;
  readonly port: number;
  /** Where it answers about itself, whether it serves or waits for its turn; absent: at its port, and it serves. */
  readonly asidePort?: number | undefined;
  readonly spec: InstanceSpec;
  readonly tree: string;
  readonly logFile: string;
  readonly marker: string;
  readonly target: Target;
}): ProcessInstance {
  const { name, port, asidePort, spec, logFile, target } = options;
  const about = asidePort ?? port;
  let child: Child | undefined;
  const { livePath } = target;
  const isReady = async (withinMs: number): Promise<boolean> => (await ask(about, target.readyPath, withinMs)).status === 200;
  const standsBy = async (withinMs: number): Promise<boolean> => {
    const { status, body } = await ask(about, target.readyPath, withinMs);
    return status !== 200 && target.passive?.standsBy(body) === true;
  };
  // One that waits for its turn is as ready as it is to be.
  const isUp = async (): Promise<boolean> => (await isReady(1000)) || (asidePort !== undefined && (await standsBy(1000)));
  const start = async (changes: { readonly env?: Readonly<Record<string, string>>; readonly node?: readonly string[] } = {}): Promise<void> => {
    child = await startReady(
      {
        name,
        command: process.execPath,
        args: [...(changes.node ?? []), join(options.tree, spec.entry)],
        env: { ...spec.env, ...changes.env },
        cwd: options.tree,
        logFile,
        marker: options.marker,
      },
      { what: `Instance ${name} was expected to answer ${target.readyPath}`, probe: isUp, withinMs: startsWithinMs },
    );
  };
  return {
    name,
    role: options.role,
    entry: spec.entry,
    port,
    isReady,
    ...(asidePort === undefined ? {} : { standsBy }),
    isLive: (withinMs) =>
      livePath === undefined ? undefined : ask(about, livePath, withinMs).then(({ status }) => (status === 0 ? undefined : status === 200)),
    async gauges(withinMs) {
      const { status, body } = await ask(about, target.metrics.path, withinMs);
      return status === 200 ? readGauges(body, target.metrics.gauges) : {};
    },
    pid: () => (child?.outcome() === undefined ? child?.pid : undefined),
    processState: async () => (child && child.outcome() === undefined ? stateOf(child.pid) : undefined),
    start: () => start(),
    startAhead: (aheadMs) => start({ node: ["--import", wallClockAhead(aheadMs)] }),
    startWith: (environment) =>
      start({ env: environment }).then(
        () => "ready",
        (error) => messageOf(error),
      ),
    async kill() {
      await child?.stop("SIGKILL", 0);
    },
    async terminate(signal, graceMs) {
      const began = performance.now();
      const how = (await child?.stop(signal, graceMs)) ?? "not running";
      return { how, afterMs: performance.now() - began };
    },
    pause: async () => child?.signal("SIGSTOP"),
    resume: async () => child?.signal("SIGCONT"),
    processorMs() {
      const [had = 0, waited = 0] = readFileSync(`/proc/${child?.pid}/schedstat`, "utf8").split(" ").map(Number);
      return { had: had / 1e6, waited: waited / 1e6 };
    },
    log: async () => (child && child.outcome() === undefined ? readFile(logFile, "utf8").catch(() => "") : ""),
    descriptors: () => readdirSync(`/proc/${child?.pid}/fd`).length,
    async limitDescriptors(count) {
      const soft = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${child?.pid}/limits`, "utf8"))?.[1];
      const set = (limit: string): Promise<unknown> => run("prlimit", ["--pid", String(child?.pid), `--nofile=${limit}:`]);
      await set(String(count));
      return async () => void (await set(soft ?? "1024"));
    },
    async [Symbol.asyncDispose]() {
      await child?.[Symbol.asyncDispose]();
    },
  };
}
