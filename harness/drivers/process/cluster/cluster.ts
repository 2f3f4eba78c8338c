/** A Postgres that fails over, as processes on loopback. */
import { join } from "node:path";
import type { ClusterLayout } from "../../../core/experiment.ts";
import type { Target } from "../../../core/target.ts";
import { type Cluster, type Members, openCluster } from "../../cluster/cluster.ts";
import type { Place } from "../../edge-probe.ts";
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

interface ClusterOptions {
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
}

export interface ProcessCluster extends Cluster {
  /** Where instances are led. */
  readonly port: number;
  /** See `Cluster.replica`. */
  replicaPort(n: number): number;
}

export async function startCluster(options: ClusterOptions): Promise<ProcessCluster> {
  await using started = new AsyncDisposableStack();
  const members = await processMembers(options, started);
  const cluster = started.use(await openCluster({ ...options, members }));
  const owned = started.move();
  return {
    ...cluster,
    port: cluster.entrance.port,
    replicaPort: (n) => cluster.replica(n).port,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const host = "127.0.0.1";

async function processMembers(options: ClusterOptions, owner: AsyncDisposableStack): Promise<Members<ProcessNode>> {
  const { parts, directory, ports, password, marker, logFile } = options;
  const archive = join(directory, "archive");
  await ownFolder(parts.postgres, archive);
  const takePlace = async (): Promise<Place> => ({ host, port: await ports.take() });
  let backups = 0;
  return {
    seen: { archive, programs: parts.postgres.path, clients: `${host}/32` },
    startStore: async (count) => owner.use(await startEtcd({ part: parts.etcd, count, directory, logFile, ports, marker })),
    placeNode: async (name) => ({ server: await takePlace(), api: await takePlace(), directory: join(directory, name) }),
    addLink: async (name, upstream) => ({ host, ...(await options.toxiproxy.addEdge(name, upstream)) }),
    async prepareNode({ name, server, api, ...plan }) {
      const own = { ...plan, name, port: server.port, apiPort: api.port, logFile: logFile(name) };
      return owner.use(await prepareNode({ ...own, patroni: parts.patroni, postgres: parts.postgres, password, marker }));
    },
    async startNodes(nodes) {
      await Promise.all(nodes.map(({ manager }) => manager.start()));
    },
    placeEntry: takePlace,
    startEntry: async ({ port }, configuration) =>
      owner.use(await startEntry({ part: parts.haproxy, directory, logFile: logFile("haproxy"), port, marker, configuration })),
    backUp({ server }) {
      const name = `backup-${++backups}`;
      const own = { directory: join(directory, name), logFile: logFile(name), port: server.port };
      return backUp({ ...own, postgres: parts.postgres, password, archive, ports, marker });
    },
  };
}
