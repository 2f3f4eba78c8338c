/** One node: Patroni as our child, which starts the server as a process of its own. Whoever ends the node has to end both. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { until } from "../../../base/clock.ts";
import { superuser } from "../../dependency-clients.ts";
import type { PostgresNode } from "../../groups.ts";
import type { StackEdge } from "../../stack.ts";
import { type Child, type Part, startReady } from "../child.ts";
import { childrenOf, directoryOf, stateOf } from "../identity.ts";
import { ownFile, ownFolder } from "../owner.ts";
import type { PostgresPart } from "../postgres.ts";

/** A second on a quiet machine; on a busy one loading Python alone took 20 s. */
const startsWithinMs = 60_000;

export interface ProcessNode extends PostgresNode, AsyncDisposable {
  readonly port: number;
  /** Asks the node's manager: `GET /primary`. Status 0: no answer in time. */
  ask(path: string, withinMs: number): Promise<number>;
  /** Asks the manager to hand over the lead. Rejects when it refuses. */
  handOver(): Promise<void>;
}

export interface NodeOptions {
  readonly name: string;
  readonly patroni: Part;
  readonly postgres: PostgresPart;
  /** Made here; belongs to the server's user. */
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly apiPort: number;
  readonly link: Pick<StackEdge, "name" | "addToxic" | "setOpen">;
  readonly password: string;
  readonly marker: string;
  /** patroni.yaml. */
  readonly configuration: string;
}

export async function prepareNode(options: NodeOptions): Promise<ProcessNode> {
  const { name, postgres, directory, port, password } = options;
  const data = join(directory, "data");
  const file = join(directory, "patroni.yaml");
  await ownFolder(postgres, directory);
  await ownFile(postgres, file, options.configuration);

  let child: Child | undefined;
  const api = `http://127.0.0.1:${options.apiPort}`;
  const ask = (path: string, withinMs: number): Promise<number> =>
    fetch(`${api}${path}`, { headers: { Connection: "close" }, signal: AbortSignal.timeout(withinMs) }).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.status;
      },
      () => 0,
    );
  const managerPid = (): number | undefined => (child?.outcome() === undefined ? child?.pid : undefined);
  const serverPid = (): number | undefined => serverIn(data);
  const everything = (): readonly number[] => {
    const server = serverPid();
    const manager = managerPid();
    // A server without its main process ends by itself, but not at once; the main one is stopped first, so that it starts nobody in place of another.
    return [...(server === undefined ? [] : [server, ...childrenOf(server)]), ...(manager === undefined ? [] : [manager])];
  };
  const start = async (): Promise<void> => {
    // A second one would end by itself, and nobody would know the first any more.
    if (managerPid() !== undefined) return;
    child = await startReady(
      {
        name,
        command: options.patroni.path,
        args: [file],
        env: { ...options.patroni.env, ...postgres.env, HOME: directory },
        cwd: directory,
        logFile: options.logFile,
        marker: options.marker,
        uid: postgres.uid,
        gid: postgres.gid,
      },
      {
        what: `Patroni of ${name} was expected to answer on ${api}`,
        probe: async () => (await ask("/patroni", 1000)) !== 0,
        withinMs: startsWithinMs,
      },
    );
  };
  const kill = async (): Promise<void> => {
    const server = serverPid();
    if (server !== undefined) signalTo(server, "SIGSTOP");
    const gone = everything();
    // What answers clients before what replicates: an answer that was never replicated would be a loss by the order of our signals.
    for (const pid of gone.toReversed()) signalTo(pid, "SIGKILL");
    await child?.stop("SIGKILL", 0);
    const ended = (): true | undefined => gone.every((pid) => [undefined, "Z"].includes(stateOf(pid))) || undefined;
    await until(`Every process of ${name} was expected to end`, ended, { withinMs: 10_000, everyMs: 5 });
  };
  return {
    name,
    port,
    ask,
    kill,
    serverPid,
    link: options.link,
    manager: {
      name: `patroni of ${name}`,
      pid: managerPid,
      start,
      async kill() {
        await child?.stop("SIGKILL", 0);
      },
    },
    killServer() {
      const server = serverPid();
      if (server !== undefined) signalTo(server, "SIGKILL");
    },
    pause: () => everything().forEach((pid) => void signalTo(pid, "SIGSTOP")),
    resume: () => everything().forEach((pid) => void signalTo(pid, "SIGCONT")),
    states: () => [serverPid(), managerPid()].map((pid) => (pid === undefined ? undefined : stateOf(pid))),
    async role(withinMs) {
      const status = await ask("/primary", withinMs);
      return status === 0 ? undefined : status === 200 ? "primary" : "standby";
    },
    isSynchronous: async (withinMs) => (await ask("/synchronous", withinMs)) === 200,
    async connect() {
      const client = new pg.Client({
        ...{ host: "127.0.0.1", port, user: superuser, password, database: "postgres" },
        ...{ connectionTimeoutMillis: 2000, query_timeout: 20_000, application_name: "runproof" },
      });
      client.on("error", () => {}); // An experiment kills the server under it; the next query says so.
      await client.connect();
      return client;
    },
    async handOver() {
      const answer = await fetch(`${api}/switchover`, {
        method: "POST",
        headers: { Authorization: `Basic ${Buffer.from(`patroni:${password}`).toString("base64")}` },
        body: JSON.stringify({ leader: name }),
        signal: AbortSignal.timeout(20_000),
      });
      const said = await answer.text();
      if (!answer.ok) throw new Error(`Patroni of ${name} was expected to hand over and refused with ${answer.status}: ${said.slice(0, 200)}`);
    },
    async [Symbol.asyncDispose]() {
      for (const pid of everything()) signalTo(pid, "SIGCONT");
      await kill();
      await child?.[Symbol.asyncDispose]();
    },
  };
}

/** The server that the directory's pid file names, as long as it is there: the file of one that was killed stays, and its number may be another's. */
function serverIn(data: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
    return directoryOf(pid) === data && stateOf(pid) !== "Z" ? pid : undefined;
  } catch {
    return undefined;
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile.
  }
}
