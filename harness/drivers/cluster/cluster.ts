/** A Postgres that fails over: three nodes under Patroni, which agree by three members of etcd, replicate through toxiproxy and are entered through HAProxy. Drivers say how its members are made. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type pg from "pg";
import { sleep, until } from "../../base/clock.ts";
import { type ClusterLayout, clusters } from "../../core/experiment.ts";
import type { ClusterModule, Target } from "../../core/target.ts";
import { superuser } from "../dependency-clients.ts";
import type { Place } from "../edge-probe.ts";
import type { ClusterProcess, PostgresCluster, PostgresNode, StoreMember } from "../groups.ts";
import type { AskedNode } from "./manager.ts";

const nodeCount = 3;
const storeCount = 3;
/** Until it is writable it takes 6 s on a quiet machine, several times as much on a busy one. */
const writableWithinMs = 60_000;
const replications = { ha: "synchronous", "ha-async": "asynchronous", "ha-strict": "strict" } as const;

export type ClusterNode = PostgresNode & AskedNode & { readonly server: Place; killBackend(pid: number): Promise<void> };
type Link = PostgresNode["link"];

export interface NodePlan {
  readonly name: string;
  readonly server: Place;
  readonly api: Place;
  /** Private to the node, as it sees it. */
  readonly directory: string;
  readonly link: Link;
  /** patroni.yaml. */
  readonly configuration: string;
}

/** How a driver makes the members; it takes them down as well. */
export interface Members<Node extends ClusterNode> {
  /** As every node sees them: where the log is archived, where Postgres's programs are, and who may come over the network (an address with its prefix). */
  readonly seen: { readonly archive: string; readonly programs: string; readonly clients: string };
  /** Resolves once the store is healthy; host:port of each member. */
  startStore(count: number): Promise<{ readonly members: readonly StoreMember[]; readonly addresses: readonly string[] }>;
  placeNode(name: string): Promise<Pick<NodePlan, "server" | "api" | "directory">>;
  /** A proxied way to the server (host:port), and where it is found. */
  addLink(name: string, upstream: string): Promise<Link & Place>;
  prepareNode(plan: NodePlan): Promise<Node>;
  /** Starts these nodes' managers at once. */
  startNodes(nodes: readonly Node[]): Promise<void>;
  placeEntry(): Promise<Place>;
  /** Resolves once it listens. `configuration`: haproxy.cfg. */
  startEntry(at: Place, configuration: string): Promise<ClusterProcess>;
  /** Absent: copies cannot be made. */
  readonly backUp?: (primary: Node) => ReturnType<NonNullable<PostgresCluster["backUp"]>>;
}

export interface Cluster extends AsyncDisposable, PostgresCluster {
  /** Where instances are led. */
  readonly entrance: Place;
  readonly password: string;
  /** The server that the n-th instance of a role is to read from: in turn one of those that begin as standbys. */
  replica(n: number): Place;
  connect(): Promise<pg.Client>;
  start(): Promise<void>;
  isRunning(): boolean;
  killBackend(pid: number): Promise<void>;
}

/** Every layout of a cluster, where none can be brought up for this reason, a sentence. */
export function beyondClusters(why: string): Readonly<Record<ClusterLayout, string>> {
  return Object.fromEntries(clusters.map((layout) => [layout, why])) as Record<ClusterLayout, string>;
}

const text = ({ host, port }: Place): string => `${host}:${port}`;

export async function openCluster<Node extends ClusterNode>(options: {
  readonly target: Target;
  readonly layout: ClusterLayout;
  /** The copy of the target's tree. */
  readonly tree: string;
  readonly password: string;
  readonly members: Members<Node>;
}): Promise<Cluster> {
  const { target, password, members } = options;
  if (!target.cluster) throw new Error(`${target.title} was expected to say how its Postgres fails over, and does not.`);
  const module = (await import(pathToFileURL(join(options.tree, target.cluster.renderer)).href)) as ClusterModule;
  const template = (file: string): Promise<string> => readFile(join(options.tree, file), "utf8");
  const nodeTemplate = await template(target.cluster.node);
  await using started = new AsyncDisposableStack();
  const store = await members.startStore(storeCount);

  const nodes: Node[] = [];
  const addresses = new Map<string, { readonly server: string; readonly api: string }>();
  for (let n = 1; n <= nodeCount; n++) {
    const name = `pg-${n}`;
    const place = await members.placeNode(name);
    const link = await members.addLink(`standbys->${name}`, text(place.server));
    const address = { server: text(place.server), api: text(place.api) };
    addresses.set(name, address);
    const configuration = module.renderNode(nodeTemplate, {
      ...{ name, api: address.api, listen: address.server, advertised: text(link), directory: place.directory, ...members.seen },
      ...{ etcd: store.addresses, user: superuser, password, replication: replications[options.layout] },
    });
    nodes.push(await members.prepareNode({ name, ...place, link, configuration }));
  }
  const primary = async (): Promise<Node | undefined> => {
    const roles = await Promise.all(nodes.map((node) => node.role(500)));
    return nodes[roles.indexOf("primary")];
  };
  const wait = { withinMs: writableWithinMs, everyMs: 50 };
  // The first makes the cluster while the others are on their way, and they copy it.
  const [first, ...others] = nodes;
  if (first) await members.startNodes([first]);
  await members.startNodes(others);
  const streaming = async (): Promise<true | undefined> => {
    const states = await Promise.all(nodes.map((node) => node.ask("/replica?lag=1MB", 1000)));
    return states.filter((status) => status === 200).length === others.length || undefined;
  };
  await until(`${others.length} standbys were expected to stream`, streaming, wait);

  const at = await members.placeEntry();
  const settings = { listen: text(at), nodes: addresses };
  const entry = await members.startEntry(at, module.renderEntry(await template(target.cluster.entry), settings));

  let leading: Node | undefined;
  const open = new Map<pg.Client, Node>();
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
  const [host = "", port = ""] = module.addressForInstances(settings).split(":");
  const entrance = { host, port: Number(port) };
  const { backUp: copyOf } = members;
  return {
    ...{ entrance, password },
    replica: (n) => others[n % others.length]?.server ?? entrance,
    synchronous: options.layout !== "ha-async",
    nodes,
    primary,
    entry,
    store: store.members,
    async switchover() {
      const node = await primary();
      if (!node) throw new Error("A primary was expected that could hand over, and no node says that it is one.");
      await node.handOver();
    },
    ...(copyOf && {
      async backUp() {
        const node = await primary();
        if (!node) throw new Error("A primary was expected that could be copied, and no node says that it is one.");
        return copyOf(node);
      },
    }),
    connect,
    start,
    isRunning: () => leading !== undefined,
    async killBackend(pid) {
      const node = await primary();
      if (!node) throw new Error("A primary was expected that has the session, and no node says that it is one.");
      await node.killBackend(pid);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
