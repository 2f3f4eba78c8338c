/** One instance of the system under test in a container of its own, which keeps its name, its port and its addresses over restarts. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { promisify } from "node:util";
import { messageOf } from "../../base/errors.ts";
import type { Target } from "../../core/target.ts";
import { ask, readGauges, wallClockAhead } from "../asking.ts";
import type { Instance } from "../stack.ts";
import { untilReady } from "./container.ts";
import { containerOf } from "./container-faults.ts";
import type { Deployment, Service } from "./deployment.ts";

const run = promisify(execFile);
const startWithinMs = 60_000;

export interface ComposeInstance extends Instance {
  /** Takes its container over, which is up, and waits until it is ready. */
  started(): Promise<void>;
}

export function defineInstance(options: {
  readonly deployment: Deployment;
  readonly name: string;
  readonly role: string;
  readonly port: number;
  readonly service: Service & { readonly environment: Readonly<Record<string, string>> };
  readonly logFile: string;
  readonly target: Target;
}): ComposeInstance {
  const { deployment, name, port, target, service } = options;
  const { livePath } = target;
  const container = deployment.container(name);
  deployment.put(name, service);
  /** What the container was made with; another environment takes another container. */
  let made = "{}";
  const isReady = async (withinMs: number): Promise<boolean> => (await ask(port, target.readyPath, withinMs)).status === 200;
  const ready = (): Promise<void> =>
    untilReady(container, `Instance ${name} was expected to answer ${target.readyPath}`, () => isReady(1000), startWithinMs, options.logFile);
  const start = async (changes: Readonly<Record<string, string>> = {}): Promise<void> => {
    const wanted = JSON.stringify(changes);
    if (wanted === made) await container.start();
    else {
      await container.saveLog();
      deployment.put(name, { ...service, environment: { ...service.environment, ...changes } });
      await deployment.up([name]);
      await container.adopt();
      made = wanted;
    }
    await ready();
  };
  return {
    ...{ name, role: options.role, port, isReady },
    async started() {
      await container.adopt();
      await ready();
    },
    isLive: (withinMs) =>
      livePath === undefined ? undefined : ask(port, livePath, withinMs).then(({ status }) => (status === 0 ? undefined : status === 200)),
    async gauges(withinMs) {
      const { status, body } = await ask(port, target.metrics.path, withinMs);
      return status === 200 ? readGauges(body, target.metrics.gauges) : {};
    },
    pid: container.pid,
    processState: container.state,
    container: containerOf(deployment.docker, deployment.name, container),
    start: () => start(),
    startAhead: (aheadMs) => start({ NODE_OPTIONS: `--import=${wallClockAhead(aheadMs)}` }),
    startWith: (environment) =>
      start(environment).then(
        () => "ready",
        (error) => messageOf(error),
      ),
    kill: async () => void (await container.stop("SIGKILL", 0)),
    async terminate(signal, graceMs) {
      const began = performance.now();
      const how = await container.stop(signal, graceMs);
      return { how, afterMs: performance.now() - began };
    },
    pause: container.pause,
    resume: container.resume,
    log: container.log,
    processorMs() {
      const [had = 0, waited = 0] = readFileSync(`/proc/${container.pid()}/schedstat`, "utf8").split(" ").map(Number);
      return { had: had / 1e6, waited: waited / 1e6 };
    },
    descriptors: () => readdirSync(`/proc/${container.pid()}/fd`).length,
    async limitDescriptors(count) {
      const pid = String(container.pid());
      const soft = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, "utf8"))?.[1];
      // As its own user: root of a sandbox may not.
      const { uid, gid } = statSync(`/proc/${pid}`);
      const set = (limit: string): Promise<unknown> => run("prlimit", ["--pid", pid, `--nofile=${limit}:`], { uid, gid });
      await set(String(count));
      return async () => void (await set(soft ?? "1024"));
    },
  };
}
