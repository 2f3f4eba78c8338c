/** HAProxy before the nodes: the address that instances know. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accepts } from "../../balancer-configuration.ts";
import type { ClusterProcess } from "../../groups.ts";
import { type Child, type Part, startReady } from "../child.ts";

export async function startEntry(options: {
  readonly part: Part;
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  /** haproxy.cfg. */
  readonly configuration: string;
  readonly marker: string;
}): Promise<ClusterProcess & AsyncDisposable> {
  const directory = join(options.directory, "haproxy");
  await mkdir(directory, { mode: 0o700 });
  const file = join(directory, "haproxy.cfg");
  await writeFile(file, options.configuration, { mode: 0o600 });
  let child: Child | undefined;
  const start = async (): Promise<void> => {
    child = await startReady(
      {
        name: "haproxy",
        command: options.part.path,
        args: ["-f", file, "-db"],
        env: options.part.env,
        cwd: directory,
        logFile: options.logFile,
        marker: options.marker,
      },
      { what: `HAProxy was expected to listen on 127.0.0.1:${options.port}`, probe: () => accepts(options.port), withinMs: 5000 },
    );
  };
  await start();
  return {
    name: "haproxy",
    start,
    pid: () => (child?.outcome() === undefined ? child?.pid : undefined),
    async kill() {
      await child?.stop("SIGKILL", 0);
    },
    [Symbol.asyncDispose]: async () => child?.[Symbol.asyncDispose](),
  };
}
