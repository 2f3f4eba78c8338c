/** A Postgres and the standby that follows it, through toxiproxy and an archive. Nobody promotes the standby by itself. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { until } from "../../base/clock.ts";
import type { StandbyModule, Target } from "../../core/target.ts";
import { superuser } from "../dependency-clients.ts";
import type { PostgresPair, PostgresServer } from "../groups.ts";
import { workingIn } from "./identity.ts";
import { ownFolder } from "./owner.ts";
import type { Ports } from "./ports.ts";
import { type Postgres, type PostgresPart, startPostgres } from "./postgres.ts";
import type { Toxiproxy } from "./toxiproxy.ts";

const host = "127.0.0.1";
/** Less than a second on a quiet machine. */
const followsWithinMs = 60_000;
/** Those that outlive a killed postmaster end by themselves as soon as they look, but for one that waits for what nobody will ever give back. */
const outliveMs = 1000;
const endWithinMs = 10_000;
const promoteWithinS = 15;

/** As a Postgres it is its primary. */
export interface Pair extends Omit<Postgres, "stop" | "directory" | "becomeStandbyOf">, PostgresPair {
  readonly standbyPort: number;
}

export async function startPair(options: {
  readonly part: PostgresPart;
  /** Both begin as copies of it: a server that was shut down is a base backup. */
  readonly template: string;
  readonly target: Target;
  /** The copy of the target's tree. */
  readonly tree: string;
  readonly directory: string;
  logFile(name: string): string;
  readonly ports: Ports;
  readonly toxiproxy: Toxiproxy;
  readonly password: string;
  readonly marker: string;
}): Promise<Pair> {
  const { part, target, tree, directory, logFile, ports, password, template, marker } = options;
  if (!target.standby) throw new Error(`${target.title} was expected to say how a standby follows its Postgres, and does not.`);
  const { primary: forPrimary, follower, renderer } = target.standby;
  const module = (await import(pathToFileURL(join(tree, renderer)).href)) as StandbyModule;
  await using started = new AsyncDisposableStack();
  const archive = join(directory, "archive");
  await ownFolder(part, archive);

  const configurationFor = async (port: number, leads?: string): Promise<string> => {
    const file = leads === undefined ? forPrimary : follower;
    return module.renderServer(await readFile(join(tree, file), "utf8"), { host, port, archive, ...(leads === undefined ? {} : { primary: leads }) });
  };
  const start = async (name: string, leads?: string): Promise<Postgres> => {
    const port = await ports.take();
    const own = { configuration: await configurationFor(port, leads), follows: leads !== undefined };
    return started.use(await startPostgres({ part, template, directory, logFile: logFile(name), port, password, marker, name, own }));
  };
  const primary = await start("pg-primary");
  const link = await options.toxiproxy.addEdge("standby->primary", `${host}:${primary.port}`);
  const reach = { host, port: link.port, user: superuser, password, application_name: "standby" };
  const throughLink = Object.entries(reach)
    .map(([word, value]) => `${word}=${value}`)
    .join(" ");
  const standby = await start("pg-standby", throughLink);
  const streams = async (): Promise<true | undefined> => {
    const client = await primary.connect();
    const { rows } = await client.query("select 1 from pg_stat_replication where state = 'streaming'").finally(() => client.end());
    return rows.length === 1 || undefined;
  };
  await until("A standby was expected to follow the primary", streams, { withinMs: followsWithinMs, everyMs: 50 });

  let leading = primary;
  const server = (name: string, { pid, start, stop, connect, port, directory: data }: Postgres): PostgresServer => ({
    ...{ name, pid, start, connect, address: `${host}:${port}` },
    async kill() {
      await stop("kill", 0);
      await lastOnesEnd(name, data);
    },
    log: () => readFile(logFile(name), "utf8"),
  });
  const owned = started.move();
  return {
    port: primary.port,
    standbyPort: standby.port,
    password,
    pid: () => leading.pid(),
    start: () => leading.start(),
    isRunning: () => leading.isRunning(),
    connect: () => leading.connect(),
    killBackend: primary.killBackend,
    primary: server("pg-primary", primary),
    standby: server("pg-standby", standby),
    link,
    async promote() {
      if (primary.isRunning())
        throw new Error("The primary was expected to be down before its standby is promoted, and it runs: two would take writes.");
      const client = await standby.connect();
      const { rows } = await client.query("select pg_promote(true, $1) as done", [promoteWithinS]).finally(() => client.end());
      if (rows[0].done !== true) throw new Error(`The standby was expected to take writes ${promoteWithinS} s after it was promoted, and does not.`);
      leading = standby;
    },
    async rejoin() {
      await link.leadTo(`${host}:${standby.port}`);
      await link.setOpen(true);
      await primary.becomeStandbyOf(standby.port, await configurationFor(primary.port, throughLink));
      await primary.start();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The processes of a server whose main one was killed: they are sessions of their own and may still write and answer. */
async function lastOnesEnd(name: string, data: string): Promise<void> {
  const beganMs = performance.now();
  const ended = (): true | undefined => {
    const left = workingIn(data);
    if (performance.now() - beganMs > outliveMs)
      for (const pid of left) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It ended meanwhile.
        }
      }
    return left.length === 0 || undefined;
  };
  await until(`Every process of ${name} was expected to end`, ended, { withinMs: endWithinMs, everyMs: 20 });
}
