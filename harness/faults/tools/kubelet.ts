/** What a kubelet does for a pod: it starts the container, asks its probes, restarts it when it is not alive, and ends it with the grace of its manifest. */
import { request } from "node:http";
import { sleep } from "../../base/clock.ts";
import type { PodSpec, Probe } from "./manifests.ts";

/** A container's process. */
export interface Process {
  /** Resolves with `exit 0` or `signal SIGKILL`. */
  readonly ended: Promise<string>;
  stop(first: "SIGTERM", graceMs: number): Promise<string>;
}

export interface Pod extends AsyncDisposable {
  readonly name: string;
  readonly spec: PodSpec;
  /** Whether a Service leads to it. */
  isReady(): boolean;
  readonly seen: Seen;
  /** As `kubectl delete pod` does: nothing leads to it any more, the pause of preStop, SIGTERM, and SIGKILL when the grace is over. */
  remove(): Promise<Removed>;
}

interface Seen {
  /** From its first start until a readiness probe said yes (ms). */
  readyAfterMs: number | undefined;
  /** From its first start until somebody listened at its port (ms), to a look each 100 ms. */
  listensAfterMs: number | undefined;
  /** Restarts of a container that answered that it was alive, because what its liveness probe asks was refused or answered with an error each time. */
  restartedAlive: number;
  /** Other restarts for a liveness probe: it was not answered in time, or the process did not say that it was alive. */
  restarted: number;
  /** When a readiness probe that said yes was last sent (ms of `performance.now()`). */
  saidReadyAt: number;
  /** How containers ended of themselves. */
  readonly ended: string[];
}

interface Removed {
  readonly how: string;
  readonly afterMs: number;
  /** What the kubelet allows (ms). */
  readonly graceMs: number;
}

/** Of crashes; the kubelet waits for longer with each (ms). */
const backOffMs = 10_000;
const lookMs = 100;

/** The status of an answer from a host's port; 0: none in time, or it was cut off; -1: refused. */
export function statusOf(host: string, port: number, path: string, withinMs: number): Promise<number> {
  return new Promise((resolve) => {
    const asking = request({ host, port, path, agent: false, signal: AbortSignal.timeout(withinMs) }, (response) => {
      response.resume();
      response.on("error", () => resolve(0));
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    asking.on("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED" ? -1 : 0));
    asking.end();
  });
}

/**
 * Periods are `faster` times as short as in the manifest. All else is as long as there: a start takes what it takes.
 * @param isAlive whether the process says that it is alive, whatever the manifest asks
 */
export function runPod(options: {
  readonly name: string;
  readonly spec: PodSpec;
  readonly host: string;
  readonly faster: number;
  /** The port of this machine at which a port of the container is reached. */
  hostPort(containerPort: number): number;
  start(): Promise<Process>;
  isAlive(): Promise<boolean>;
}): Pod {
  const { name, spec, host, faster, hostPort } = options;
  const seen: Seen = { readyAfterMs: undefined, listensAfterMs: undefined, restartedAlive: 0, restarted: 0, saidReadyAt: 0, ended: [] };
  const deleted = new AbortController();
  let ready = false;
  let process: Process | undefined;
  const began = performance.now();
  const quietly = (ms: number, over: AbortSignal): Promise<void> => sleep(ms, over).catch(() => {});

  /** Asks until `over`, and tells each turn from yes to no and back; `answered`: each of the answers that made it was one, if only a refusal. */
  const watch = async (probe: Probe, over: AbortSignal, turned: (yes: boolean, answered: boolean) => Promise<void> | void): Promise<void> => {
    let inARow = 0;
    let answered = true;
    let last: boolean | undefined;
    await quietly(probe.delayMs, over);
    while (!over.aborted) {
      const askedAt = performance.now();
      const status = await statusOf(host, hostPort(probe.port), probe.path, probe.timeoutMs);
      if (over.aborted) return;
      const yes = status >= 200 && status < 400;
      inARow = yes === last ? inARow + 1 : 1;
      answered = status !== 0 && (inARow === 1 || answered);
      last = yes;
      if (yes && probe === spec.readiness) seen.saidReadyAt = askedAt;
      if (inARow === (yes ? probe.successes : probe.failures)) await turned(yes, answered);
      await quietly(probe.periodMs / faster - (performance.now() - askedAt), over);
    }
  };

  const life = async (): Promise<void> => {
    while (!deleted.signal.aborted) {
      const over = new AbortController();
      const container = await options.start();
      process = container;
      // It was on its way when the pod was taken away.
      if (deleted.signal.aborted) return void (await container.stop("SIGTERM", 0));
      let unwell = false;
      const listens = async (): Promise<void> => {
        while (!over.signal.aborted && seen.listensAfterMs === undefined) {
          if (await options.isAlive()) seen.listensAfterMs = performance.now() - began;
          await quietly(lookMs, over.signal);
        }
      };
      const probing = Promise.all([
        listens(),
        watch(spec.readiness, over.signal, (yes) => {
          ready = yes && !deleted.signal.aborted;
          if (ready) seen.readyAfterMs ??= performance.now() - began;
        }),
        watch(spec.liveness, over.signal, async (yes, answered) => {
          if (yes || deleted.signal.aborted) return;
          unwell = true;
          if (answered && (await options.isAlive())) seen.restartedAlive++;
          else seen.restarted++;
          await container.stop("SIGTERM", spec.graceMs);
        }),
      ]);
      const how = await container.ended;
      ready = false;
      over.abort();
      await probing;
      if (deleted.signal.aborted) return;
      if (unwell) continue;
      seen.ended.push(how);
      await quietly(backOffMs / faster, deleted.signal);
    }
  };
  const living = life();
  living.catch(() => {});

  const remove = async (): Promise<Removed> => {
    deleted.abort();
    ready = false;
    const since = performance.now();
    // A container that ends meanwhile has ended.
    await Promise.race([sleep(Math.min(spec.preStopMs, spec.graceMs)), process?.ended]);
    const how = (await process?.stop("SIGTERM", Math.max(0, spec.graceMs - spec.preStopMs))) ?? "not running";
    await living;
    return { how, afterMs: performance.now() - since, graceMs: spec.graceMs };
  };
  return {
    ...{ name, spec, seen, remove },
    isReady: () => ready,
    async [Symbol.asyncDispose]() {
      deleted.abort();
      await process?.stop("SIGTERM", 0);
      await living;
    },
  };
}
