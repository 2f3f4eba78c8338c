/** One node: Patroni as our child, which starts the server as a process of its own. Whoever ends the node has to end both. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../../base/clock.ts";
import type { ClusterNode } from "../../cluster/cluster.ts";
import { askNode } from "../../cluster/manager.ts";
import { type Child, type Part, startReady } from "../child.ts";
import { childrenOf, directoryOf, stateOf } from "../identity.ts";
import { ownFile, ownFolder } from "../owner.ts";
import type { PostgresPart } from "../postgres.ts";

/** A second on a quiet machine; on a busy one loading Python alone took 20 s. */
const startsWithinMs = 60_000;

export type ProcessNode = ClusterNode & AsyncDisposable;

export interface NodeOptions {
  readonly name: string;
  readonly patroni: Part;
  readonly postgres: PostgresPart;
  /** Made here; belongs to the server's user. */
  readonly directory: string;
  readonly logFile: string;
  readonly port: number;
  readonly apiPort: number;
  readonly link: ClusterNode["link"];
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
  const asked = askNode({ name, server: { host: "127.0.0.1", port }, api: { host: "127.0.0.1", port: options.apiPort }, password });
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
        what: `Patroni of ${name} was expected to answer on 127.0.0.1:${options.apiPort}`,
        probe: async () => (await asked.ask("/patroni", 1000)) !== 0,
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
    ...asked,
    name,
    server: { host: "127.0.0.1", port },
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
    async killServer() {
      const server = serverPid();
      if (server !== undefined) signalTo(server, "SIGKILL");
    },
    pause: async () => everything().forEach((pid) => void signalTo(pid, "SIGSTOP")),
    resume: async () => everything().forEach((pid) => void signalTo(pid, "SIGCONT")),
    states: async () => [serverPid(), managerPid()].map((pid) => (pid === undefined ? undefined : stateOf(pid))),
    killBackend: async (pid) => signalTo(pid, "SIGKILL"),
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
