/** nginx before the front role's instances, configured from the target's own template. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Target } from "../../core/target.ts";
import { accepts, openConfiguration, versionAnswering } from "../balancer-configuration.ts";
import type { Certificate, StackBalancer } from "../stack.ts";
import { type Child, startReady } from "./child.ts";

export interface Balancer extends StackBalancer, AsyncDisposable {
  readonly port: number;
  readonly tlsPort?: number;
}

export async function startBalancer(options: {
  readonly part: { readonly path: string; readonly env: Readonly<Record<string, string>> };
  readonly target: Target;
  readonly tree: string;
  /** Its own; made here. */
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  /** Further settings, in the target's own words. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** That it speaks TLS as well, and where. */
  readonly secure?: { readonly certificate: Certificate; readonly port: number } | undefined;
  /** The front role's instances there are now: address by name. */
  upstreams(): ReadonlyMap<string, string>;
  readonly marker: string;
}): Promise<Balancer> {
  const { port, target, directory, secure } = options;
  // Workers run as another user when we are root, and keep their request bodies here.
  await mkdir(directory, { mode: 0o755 });
  const tls = secure && (await writeCertificate(directory, secure.certificate, `127.0.0.1:${secure.port}`));
  const settings = { ...options.settings, ...(tls ? { tls } : {}) };
  const { file, write, requests } = await openConfiguration({ ...options, settings, listen: `127.0.0.1:${port}` });
  let child: Child | undefined;
  const start = async (): Promise<void> => {
    child = await startReady(
      {
        name: "nginx",
        command: options.part.path,
        // Unpacked, its built-in log directory does not exist: what is wrong with the configuration goes to our log.
        args: ["-p", directory, "-c", file, "-e", "stderr"],
        env: options.part.env,
        cwd: directory,
        logFile: options.logFile,
        marker: options.marker,
      },
      { what: `nginx was expected to listen on 127.0.0.1:${port}`, probe: () => accepts(port), withinMs: 5000 },
    );
  };
  await start();
  return {
    port,
    ...(secure ? { tlsPort: secure.port } : {}),
    start,
    pid: () => (child?.outcome() === undefined ? child?.pid : undefined),
    async kill() {
      // Its workers would go on without it.
      await child?.[Symbol.asyncDispose]();
    },
    async reload(change) {
      const written = await write(change);
      child?.signal("SIGHUP");
      return written;
    },
    version: (withinMs) => versionAnswering(port, target, withinMs),
    requests,
    async [Symbol.asyncDispose]() {
      await child?.stop("SIGTERM", 2000);
      await child?.[Symbol.asyncDispose]();
    },
  };
}

/** Resolves to the setting that has the balancer use it. */
async function writeCertificate(directory: string, { certificate, key }: Certificate, listen: string): Promise<object> {
  const files = { certificate: join(directory, "certificate.pem"), key: join(directory, "key.pem") };
  await writeFile(files.certificate, certificate);
  await writeFile(files.key, key, { mode: 0o600 });
  return { listen, ...files };
}
