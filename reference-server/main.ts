/** Starts an instance from its environment, or the workers that it consists of, and ends it on SIGINT or SIGTERM. Exit status: 0 stopped, 1 failed or told twice, 78 wrong settings or others than the other instances'. */
import cluster from "node:cluster";
import { readFileSync } from "node:fs";
import { monotonicMs, settledWithin } from "./clock.ts";
import { ConfigError } from "./config/parse.ts";
import { readSources } from "./config/sources.ts";
import { type Config, isSupervised, readConfig } from "./config.ts";
import { type Instance, startInstance } from "./instance.ts";
import { openLog } from "./log.ts";
import { supervise } from "./workers/supervise.ts";
import { requestCounter, retireWithinMs, type SupervisorMessage, tellSupervisor } from "./workers/worker.ts";

/** A terminal and npm may both pass on one Ctrl-C: signals this close together are one (ms). */
const sameSignalMs = 500;
/** What giving back and closing may take after the drain time, with the database away (ms). */
const closingMs = 12_000;

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function refuse(error: ConfigError): never {
  process.stderr.write(`${error.message}\n`);
  process.exit(78);
}

function settings(): Config {
  try {
    return readConfig(readSources(process.env, ".env", readText));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return refuse(error);
  }
}

const config = settings();
const log = openLog(config);

let signalledAtMs: number | undefined;
const started = Promise.withResolvers<Pick<Instance, "stop">>();

function onSignal(signal: NodeJS.Signals): void {
  if (signalledAtMs !== undefined) {
    if (monotonicMs() - signalledAtMs <= sameSignalMs) return;
    log.warn({ signal }, "told to stop a second time: ending at once");
    process.exit(1);
  }
  signalledAtMs = monotonicMs();
  log.info({ signal }, "stopping");
  void started.promise.then(stop, fail);
}

async function stop(instance: Pick<Instance, "stop">): Promise<never> {
  // Whoever looks after workers gives them all the time that they give themselves.
  const limitMs = config.drainMs + closingMs + (cluster.isPrimary && isSupervised(config) ? 2000 : 0);
  const stopped = instance.stop();
  stopped.catch((error) => log.error({ err: error }, "stopping failed"));
  if (!(await settledWithin(stopped, limitMs))) {
    log.error({ limitMs }, "stopping took too long: ending at once");
    process.exit(1);
  }
  await stopped.catch(() => process.exit(1));
  log.info("stopped");
  process.exit(0);
}
process.on("SIGINT", onSignal);
process.on("SIGTERM", onSignal);

function fail(error: unknown): never {
  if (error instanceof ConfigError) refuse(error);
  log.fatal({ err: error }, "the instance cannot go on");
  process.exit(1);
}

async function retire(instance: Instance): Promise<void> {
  await instance.retire(retireWithinMs);
  if (signalledAtMs === undefined) await stop(instance);
}

async function start(): Promise<Pick<Instance, "stop">> {
  if (isSupervised(config) && cluster.isPrimary) {
    const supervisor = supervise(config.workers, log, process.exit);
    return { stop: () => supervisor.stop(config.drainMs + closingMs) };
  }
  const countRequest = requestCounter(config.maxRequests, config.maxRequestsJitter, () => void tellSupervisor("worn"));
  const starting = startInstance(config, log, fail, countRequest);
  if (cluster.isWorker) {
    process.on("message", (message: SupervisorMessage) => {
      if (signalledAtMs !== undefined) return;
      if (message === "stop") onSignal("SIGTERM");
      else if (message === "retire") void starting.then(retire, fail);
    });
  }
  const instance = await starting;
  void instance.serving.then(() => tellSupervisor("serving"));
  return instance;
}

try {
  started.resolve(await start());
} catch (error) {
  fail(error);
}
