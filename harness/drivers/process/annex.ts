/** Processes of the target beside the deployment, with settings that are none of the harness's and databases of their own in its Postgres and its Redis. */
import { readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { superuser } from "../dependency-clients.ts";
import type { Annex, AnnexProcess } from "../stack.ts";
import { startChild } from "./child.ts";
import type { Ports } from "./ports.ts";

/** Redis has sixteen; the deployment uses the first. */
const redisDatabase = 1;

/** Opens one, with an empty database. Disposing ends its processes. */
export async function openAnnex(options: {
  readonly postgres: { readonly port: number; connect(): Promise<pg.Client> };
  readonly redisPort: number;
  readonly password: string;
  /** Where its files come to lie, and where its processes log. */
  readonly directory: string;
  readonly logs: string;
  /** The copied tree, and the program in it. */
  readonly tree: string;
  readonly entry: string;
  readonly ports: Ports;
  readonly marker: string;
}): Promise<Annex & AsyncDisposable> {
  const { postgres, redisPort, password, tree } = options;
  const directory = await mkdtemp(join(options.directory, "annex-"));
  const database = directory.slice(directory.lastIndexOf("annex-")).replaceAll(/[^A-Za-z0-9]/g, "_");
  const client = await postgres.connect();
  await client.query(`create database "${database}"`).finally(() => client.end());
  const processes = new AsyncDisposableStack();
  return {
    directory,
    postgresUrl: `postgres://${superuser}:${password}@127.0.0.1:${postgres.port}/${database}`,
    redisUrl: `redis://:${password}@127.0.0.1:${redisPort}/${redisDatabase}`,
    takePort: () => options.ports.take(),
    async start(name, env, cwd = tree): Promise<AnnexProcess> {
      const logFile = join(options.logs, `${name}.log`);
      const child = await startChild({
        ...{ name, command: process.execPath, args: [join(tree, options.entry)], env, cwd, marker: options.marker, logFile },
      });
      return { ...processes.use(child), written: () => readFileSync(logFile, "utf8") };
    },
    [Symbol.asyncDispose]: () => processes.disposeAsync(),
  };
}
