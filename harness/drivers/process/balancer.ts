/** nginx before the front role's instances, configured from the target's own template. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BalancerModule, Target } from "../../core/target.ts";
import { startReady } from "./child.ts";

export interface Balancer extends AsyncDisposable {
  readonly port: number;
}

export async function startBalancer(options: {
  readonly part: { readonly path: string; readonly env: Readonly<Record<string, string>> };
  readonly target: Target;
  readonly tree: string;
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly upstreams: readonly string[];
  readonly marker: string;
}): Promise<Balancer> {
  const directory = join(options.directory, "nginx");
  // Workers run as another user when we are root, and keep their request bodies here.
  await mkdir(directory, { mode: 0o755 });
  const { template, renderer } = options.target.balancer;
  const { renderBalancer } = (await import(pathToFileURL(join(options.tree, renderer)).href)) as BalancerModule;
  const configuration = join(directory, "nginx.conf");
  const text = await readFile(join(options.tree, template), "utf8");
  await writeFile(configuration, renderBalancer(text, { listen: `127.0.0.1:${options.port}`, upstreams: options.upstreams, directory }));
  const child = await startReady(
    {
      name: "nginx",
      command: options.part.path,
      // Unpacked, its built-in log directory does not exist: what is wrong with the configuration goes to our log.
      args: ["-p", directory, "-c", configuration, "-e", "stderr"],
      env: options.part.env,
      cwd: directory,
      logFile: options.logFile,
      marker: options.marker,
    },
    { what: `nginx was expected to listen on 127.0.0.1:${options.port}`, probe: () => accepts(options.port), withinMs: 5000 },
  );
  return {
    port: options.port,
    async [Symbol.asyncDispose]() {
      await child.stop("SIGTERM", 2000);
      await child[Symbol.asyncDispose]();
    },
  };
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
