/** nginx in a container before the front role's instances, with the same configuration as beside processes. */
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Target } from "../../core/target.ts";
import { accepts, openConfiguration, versionAnswering } from "../balancer-configuration.ts";
import type { StackBalancer } from "../stack.ts";
import { untilReady } from "./container.ts";
import type { Deployment } from "./deployment.ts";

const startWithinMs = 30_000;

export async function startBalancer(options: {
  readonly deployment: Deployment;
  readonly target: Target;
  readonly tree: string;
  readonly service: string;
  /** Private to the run; its own is made in it. */
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, unknown>>;
  upstreams(): ReadonlyMap<string, string>;
}): Promise<StackBalancer & { readonly port: number }> {
  const { deployment, target, service, port, logFile } = options;
  const directory = join(options.directory, service);
  await mkdir(directory);
  // Root's containers run as somebody else, who writes here.
  await chmod(directory, 0o777);
  const uid = process.getuid?.();
  const { file, write, requests } = await openConfiguration({ ...options, directory, listen: `0.0.0.0:${port}` });
  deployment.put(service, {
    ...(service === "nginx" ? {} : { extends: { file: deployment.file, service: "nginx" } }),
    ...(uid === undefined || uid === 0 ? {} : { user: String(uid) }),
    command: ["nginx", "-p", directory, "-c", file, "-e", "stderr"],
    volumes: [`${directory}:${directory}`],
    ports: [`127.0.0.1:${port}:${port}`],
  });
  const container = deployment.container(service);
  const ready = (): Promise<void> =>
    untilReady(container, `nginx was expected to listen on 127.0.0.1:${port}`, () => answers(port, target), startWithinMs, logFile);
  await deployment.up([service]);
  await container.adopt();
  await ready();
  return {
    port,
    pid: container.pid,
    async start() {
      await container.start();
      await ready();
    },
    kill: async () => void (await container.stop("SIGKILL", 0)),
    async reload(change) {
      const written = await write(change);
      await container.signal("SIGHUP");
      return written;
    },
    version: (withinMs) => versionAnswering(port, target, withinMs),
    requests,
  };
}

/** The engine's own proxy accepts before anybody listens behind it: only an answer is one. */
async function answers(port: number, target: Target): Promise<boolean> {
  return (await accepts(port)) && (await versionAnswering(port, target, 2000)) !== "";
}
