/** A Postgres and the standby that follows it, through toxiproxy and an archive. Nobody promotes the standby by itself. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { until } from "../../base/clock.ts";
import type { StandbyModule, Target } from "../../core/target.ts";
import { superuser } from "../dependency-clients.ts";
import type { PostgresPair, PostgresServer } from "../groups.ts";
import { ownFolder } from "./owner.ts";
import type { Ports } from "./ports.ts";
import { type Postgres, type PostgresPart, startPostgres } from "./postgres.ts";
import type { Toxiproxy } from "./toxiproxy.ts";

const host = "127.0.0.1";
/** Less than a second on a quiet machine. */
const followsWithinMs = 60_000;

/** As a Postgres it is its primary. */
export interface Pair extends Omit<Postgres, "stop">, PostgresPair {
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

  const start = async (name: string, file: string, leads?: string): Promise<Postgres> => {
    const port = await ports.take();
    const place = { host, port, archive, ...(leads === undefined ? {} : { primary: leads }) };
    const own = { configuration: module.renderServer(await readFile(join(tree, file), "utf8"), place), follows: leads !== undefined };
    return started.use(await startPostgres({ part, template, directory, logFile: logFile(name), port, password, marker, name, own }));
  };
  const primary = await start("pg-primary", forPrimary);
  const link = await options.toxiproxy.addEdge("standby->primary", `${host}:${primary.port}`);
  const reach = { host, port: link.port, user: superuser, password, application_name: "standby" };
  const words = Object.entries(reach).map(([word, value]) => `${word}=${value}`);
  const standby = await start("pg-standby", follower, words.join(" "));
  const streams = async (): Promise<true | undefined> => {
    const client = await primary.connect();
    const { rows } = await client.query("select 1 from pg_stat_replication where state = 'streaming'").finally(() => client.end());
    return rows.length === 1 || undefined;
  };
  await until("A standby was expected to follow the primary", streams, { withinMs: followsWithinMs, everyMs: 50 });

  const server = (name: string, { pid, start, stop, connect }: Postgres): PostgresServer => ({
    ...{ name, pid, start, connect },
    kill: async () => void (await stop("kill", 0)),
    log: () => readFile(logFile(name), "utf8"),
  });
  const owned = started.move();
  const { stop: _stop, ...leading } = primary;
  return {
    ...leading,
    primary: server("pg-primary", primary),
    standby: server("pg-standby", standby),
    standbyPort: standby.port,
    link,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
