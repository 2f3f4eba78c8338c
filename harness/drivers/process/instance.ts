/** One instance of the system under test: a Node process that keeps its name, port and ledger address over restarts. */
import { request } from "node:http";
import { join } from "node:path";
import { until } from "../../base/clock.ts";
import type { InstanceSpec } from "../../core/target.ts";
import type { Instance } from "../stack.ts";
import { type Child, endOfLog, startChild } from "./child.ts";
import { stateOf } from "./identity.ts";

export interface ProcessInstance extends Instance, AsyncDisposable {}

export function defineInstance(options: {
  readonly name: string;
  readonly role: string;
  readonly port: number;
  readonly spec: InstanceSpec;
  readonly tree: string;
  readonly logFile: string;
  readonly marker: string;
  readonly readyPath: string;
}): ProcessInstance {
  const { name, port, spec, logFile } = options;
  let child: Child | undefined;
  const isReady = (withinMs: number): Promise<boolean> => answers200(port, options.readyPath, withinMs);
  return {
    name,
    role: options.role,
    port,
    isReady,
    pid: () => (child?.outcome() === undefined ? child?.pid : undefined),
    processState: () => (child && child.outcome() === undefined ? stateOf(child.pid) : undefined),
    async start() {
      child = await startChild({
        name,
        command: process.execPath,
        args: [join(options.tree, spec.entry)],
        env: spec.env,
        cwd: options.tree,
        logFile,
        marker: options.marker,
      });
      const started = child;
      await until(
        `Instance ${name} was expected to answer ${options.readyPath}`,
        async () => {
          const ended = started.outcome();
          if (ended) return { ended };
          return (await isReady(1000)) ? { ended: undefined } : undefined;
        },
        { withinMs: 20_000, everyMs: 25 },
      )
        .then(({ ended }) => {
          if (ended) throw new Error(`Instance ${name} was expected to start and ended with ${ended}.`);
        })
        .catch((error: Error) => {
          throw new Error(`${error.message} The end of its log:\n${endOfLog(logFile)}`);
        });
    },
    async kill() {
      await child?.stop("SIGKILL", 0);
    },
    pause: () => child?.signal("SIGSTOP"),
    resume: () => child?.signal("SIGCONT"),
    async [Symbol.asyncDispose]() {
      await child?.[Symbol.asyncDispose]();
    },
  };
}

/** A fresh connection each time: readiness over a kept one would miss an instance that no longer listens. */
function answers200(port: number, path: string, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request({ host: "127.0.0.1", port, path, agent: false, signal: AbortSignal.timeout(withinMs) }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    probe.on("error", () => resolve(false));
    probe.end();
  });
}
