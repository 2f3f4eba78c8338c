/** nginx's configuration, written anew from the target's own template whenever it is to change, and what tells which one answers. */
import { readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BalancerModule, Target } from "../core/target.ts";
import type { StackBalancer } from "./stack.ts";

export interface Configuration {
  readonly file: string;
  /** Resolves to the version that was written. */
  readonly write: StackBalancer["reload"];
  readonly requests: StackBalancer["requests"];
}

/** Writes the first version. */
export async function openConfiguration(options: {
  readonly target: Target;
  readonly tree: string;
  /** Private to the balancer and writable by it. */
  readonly directory: string;
  readonly listen: string;
  /** Further settings, in the target's own words. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The front role's instances there are now: address by name. */
  upstreams(): ReadonlyMap<string, string>;
}): Promise<Configuration> {
  const { directory, listen } = options;
  const { template, renderer, log } = options.target.balancer;
  const { renderBalancer } = (await import(pathToFileURL(join(options.tree, renderer)).href)) as BalancerModule;
  const file = join(directory, "nginx.conf");
  const text = await readFile(join(options.tree, template), "utf8");
  let version = 0;
  const write: Configuration["write"] = async ({ down = [], balancing } = {}) => {
    const upstreams = options.upstreams();
    const settings = {
      ...{ listen, directory, upstreams: [...upstreams.values()], version: String(++version) },
      down: down.flatMap((name) => upstreams.get(name) ?? []),
      ...options.settings,
      ...(balancing === undefined ? {} : { balancing }),
    };
    await writeFile(file, renderBalancer(text, settings));
    return settings.version;
  };
  const requests: Configuration["requests"] = async () => {
    const names = new Map([...options.upstreams()].map(([name, address]) => [address, name]));
    const lines = (await readFile(join(directory, log.file), "utf8")).split("\n");
    // What follows the last end of a line is being written.
    return lines.slice(0, -1).map((line) => {
      const request = log.read(line);
      return { ...request, tries: request.tries.map(({ on, outcome }) => ({ on: names.get(on) ?? on, outcome })) };
    });
  };
  await write();
  return { file, write, requests };
}

/** See StackBalancer. */
export async function versionAnswering(port: number, target: Target, withinMs: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${target.readyPath}`, {
    headers: { Connection: "close" },
    signal: AbortSignal.timeout(withinMs),
  });
  await response.body?.cancel();
  return response.headers.get("X-Balancer-Version") ?? "";
}

export const accepts = (port: number, host = "127.0.0.1"): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
