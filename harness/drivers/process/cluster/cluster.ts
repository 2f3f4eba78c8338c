/** A Postgres that fails over: three nodes under Patroni, which agree by three members of etcd, replicate through toxiproxy and are entered through HAProxy. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type pg from "pg";
import { sleep, until } from "../../../base/clock.ts";
import type { ClusterLayout } from "../../../core/experiment.ts";
import type { ClusterModule, Target } from "../../../core/target.ts";
import { superuser } from "../../dependency-clients.ts";
import type { PostgresCluster } from "../../groups.ts";
import type { Part } from "../child.ts";
import { ownFolder } from "../owner.ts";
import type { Ports } from "../ports.ts";
import type { PostgresPart } from "../postgres.ts";
import type { Toxiproxy } from "../toxiproxy.ts";
import { backUp } from "./backup.ts";
import { startEntry } from "./entry.ts";
import { startEtcd } from "./etcd.ts";
import { type ProcessNode, prepareNode } from "./node.ts";

export interface ClusterParts {
  readonly patroni: Part;
  readonly etcd: Part;
  readonly haproxy: Part;
}

const nodeCount = 3;
const storeCount = 3;
/** Until it is writable it takes 6 s on a quiet machine, several times as much on a busy one. */
const writableWithinMs = 60_000;
const replications = { ha: "synchronous", "ha-async": "asynchronous", "ha-strict": "strict" } as const;

export interface Cluster extends AsyncDisposable, PostgresCluster {
  /** Where instances are led. */
  readonly port: number;
  readonly password: string;
  /** The server that the n-th instance of a role is to read from: in turn one of those that begin as standbys. */
  replicaPort(n: number): number;
  connect(): Promise<pg.Client>;
  start(): Promise<void>;
  isRunning(): boolean;
  killBackend(pid: number): Promise<void>;
}

export async function startCluster(options: {
  readonly parts: ClusterParts & { readonly postgres: PostgresPart };
  readonly target: Target;
  readonly layout: ClusterLayout;
  /** The copy of the target's tree. */
  readonly tree: string;
  readonly directory: string;
  logFile(name: string): string;
  readonly ports: Ports;
  readonly toxiproxy: Toxiproxy;
  readonly password: string;
  readonly marker: string;
}): Promise<Cluster> {
  const { parts, target, directory, ports, password, marker, logFile } = options;
  if (!target.cluster) throw new Error(`${target.title} was expected to say how its Postgres fails over, and does not.`);
  const module = (await import(pathToFileURL(join(options.tree, target.cluster.renderer)).href)) as ClusterModule;
  const template = (file: string): Promise<string> => readFile(join(options.tree, file), "utf8");
  const nodeTemplate = await template(target.cluster.node);
  await using started = new AsyncDisposableStack();
  const etcd = started.use(await startEtcd({ part: parts.etcd, count: storeCount, directory, logFile, ports, marker }));

  const archive = join(directory, "archive");
  await ownFolder(parts.postgres, archive);

  const nodes: ProcessNode[] = [];
  const addresses = new Map<string, { readonly server: string; readonly api: string }>();
  for (let n = 1; n <= nodeCount; n++) {
    const name = `pg-${n}`;
    const own = join(directory, name);
    const port = await ports.take();
    const apiPort = await ports.take();
    const link = await options.toxiproxy.addEdge(`standbys->${name}`, `127.0.0.1:${port}`);
    const address = { server: `127.0.0.1:${port}`, api: `127.0.0.1:${apiPort}` };
    addresses.set(name, address);
    const configuration = module.renderNode(nodeTemplate, {
      ...{
        name,
        api: address.api,
        listen: address.server,
        advertised: `127.0.0.1:${link.port}`,
        directory: own,
        archive,
        programs: parts.postgres.path,
      },
      ...{ etcd: etcd.addresses, user: superuser, password, replication: replications[options.layout] },
    });
    const node = { name, patroni: parts.patroni, postgres: parts.postgres, directory: own, logFile: logFile(name), port, apiPort, link };
    nodes.push(started.use(await prepareNode({ ...node, password, marker, configuration })));
  }
  const primary = async (): Promise<ProcessNode | undefined> => {
    const roles = await Promise.all(nodes.map((node) => node.role(500)));
    return nodes[roles.indexOf("primary")];
  };
  const wait = { withinMs: writableWithinMs, everyMs: 50 };
  // The first makes the cluster while the others are on their way, and they copy it.
  const [first, ...others] = nodes;
  await first?.manager.start();
  await Promise.all(others.map((node) => node.manager.start()));
  const streaming = async (): Promise<true | undefined> => {
    const states = await Promise.all(nodes.map((node) => node.ask("/replica?lag=1MB", 1000)));
    return states.filter((status) => status === 200).length === others.length || undefined;
  };
  await until(`${others.length} standbys were expected to stream`, streaming, wait);

  const entryPort = await ports.take();
  const settings = { listen: `127.0.0.1:${entryPort}`, nodes: addresses };
  const entry = started.use(
    await startEntry({
      ...{ part: parts.haproxy, directory, logFile: logFile("haproxy"), port: entryPort, marker },
      configuration: module.renderEntry(await template(target.cluster.entry), settings),
    }),
  );

  let backups = 0;
  let leading: ProcessNode | undefined;
  const open = new Map<pg.Client, ProcessNode>();
  const stop = new AbortController();
  const look = async (): Promise<void> => {
    leading = await primary();
    // A session with a node that leads no more would go on telling of a past that is none.
    for (const [client, node] of open) if (leading !== undefined && node !== leading) client.connection.stream.destroy();
  };
  const watch = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await look();
      await sleep(200, stop.signal).catch(() => {});
    }
  };
  await look();
  const watching = watch();
  started.defer(async () => {
    stop.abort();
    await watching;
  });

  const connect = async (): Promise<pg.Client> => {
    const node = await primary();
    if (!node) throw new Error("No node says that it is the primary.");
    const client = await node.connect();
    open.set(client, node);
    client.on("end", () => open.delete(client));
    return client;
  };
  const start = async (): Promise<void> => {
    const letsIn = async (): Promise<true> => {
      const client = await connect();
      await client.end();
      return true;
    };
    await until("A primary was expected to let the harness in", letsIn, wait);
  };
  await start();
  const owned = started.move();
  return {
    port: Number(module.addressForInstances(settings).split(":")[1]),
    password,
    replicaPort: (n) => others[n % others.length]?.port ?? entryPort,
    synchronous: options.layout !== "ha-async",
    nodes,
    primary,
    entry,
    store: etcd.members,
    async switchover() {
      const node = await primary();
      if (!node) throw new Error("A primary was expected that could hand over, and no node says that it is one.");
      await node.handOver();
    },
    async backUp() {
      const node = await primary();
      if (!node) throw new Error("A primary was expected that could be copied, and no node says that it is one.");
      const name = `backup-${++backups}`;
      const own = { directory: join(directory, name), logFile: logFile(name), port: node.port };
      return backUp({ ...own, postgres: parts.postgres, password, archive, ports, marker });
    },
    connect,
    start,
    isRunning: () => leading !== undefined,
    killBackend: async (pid) => void process.kill(pid, "SIGKILL"),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
