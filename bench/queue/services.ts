/** What the comparison runs on: one Postgres with default durability, one Redis, and the peers installed. */
import { randomBytes } from "node:crypto";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { superuser } from "../../harness/drivers/dependency-clients.ts";
import { openPorts, type Ports } from "../../harness/drivers/process/ports.ts";
import { initialiseTemplate, type PostgresPart, startPostgres } from "../../harness/drivers/process/postgres.ts";
import { startRedis } from "../../harness/drivers/process/redis.ts";
import { openRunState } from "../../harness/drivers/process/run-state.ts";
import { mustRun } from "../../harness/provision/exec.ts";
import { provision } from "../../harness/provision/provision.ts";

export const project = join(import.meta.dirname, "..", "..");
export const peers = join(project, "bench", "peers");

export interface Services extends AsyncDisposable {
  readonly postgres: { readonly part: PostgresPart; readonly port: number; readonly password: string; readonly logFile: string };
  readonly redis: { readonly port: number; readonly password: string };
  readonly redisUrl: string;
  readonly directory: string;
  readonly marker: string;
  readonly ports: Ports;
  /** An empty database of its own for each measurement. */
  newDatabase(): Promise<{ readonly name: string; readonly url: string }>;
}

export async function startServices(): Promise<Services> {
  const parts = await provision({ only: ["postgres", "redis"], onProgress: (line) => console.error(line) });
  await using started = new AsyncDisposableStack();
  const { directory, id: marker } = started.use(await openRunState({ keep: false }));
  const ports = started.use(openPorts());
  const password = randomBytes(18).toString("hex");
  const common = { directory, marker, password };
  const template = await initialiseTemplate(parts.postgres, directory, password);
  const logFile = join(directory, "postgres.log");
  const postgres = started.use(await startPostgres({ ...common, part: parts.postgres, template, logFile, port: await ports.take() }));
  const redisPort = await ports.take();
  started.use(await startRedis({ ...common, part: parts.redis, logFile: join(directory, "redis.log"), port: redisPort }));
  const owned = started.move();
  return {
    postgres: { part: parts.postgres, port: postgres.port, password, logFile },
    redis: { port: redisPort, password },
    redisUrl: `redis://:${password}@127.0.0.1:${redisPort}`,
    directory,
    marker,
    ports,
    async newDatabase() {
      const name = `bench_${randomBytes(4).toString("hex")}`;
      const admin = await postgres.connect();
      await admin.query(`create database ${name}`).finally(() => admin.end());
      return { name, url: `postgres://${superuser}:${password}@127.0.0.1:${postgres.port}/${name}` };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Installs the peers into their own folder as their lock file says, unless they are there. Rejects with npm's own words. */
export async function installPeers(): Promise<void> {
  const there = await access(join(peers, "node_modules", ".package-lock.json")).then(
    () => true,
    () => false,
  );
  if (there) return;
  console.error("Installing graphile-worker, pg-boss and DBOS into bench/peers, once: about 30 s.");
  await mustRun("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: peers, deadlineMs: 5 * 60_000 });
}
