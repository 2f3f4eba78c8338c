/** Renders the configuration of a Postgres that fails over: a Patroni for each node, and the HAProxy that leads to the one that leads. */
import { fillTemplate } from "./template.ts";

export interface NodeSettings {
  readonly name: string;
  /** host:port each: of Patroni's own API, of the server, and where the other nodes reach the server. */
  readonly api: string;
  readonly listen: string;
  readonly advertised: string;
  /** Private to the node: its data, its socket. */
  readonly directory: string;
  /** Shared by all nodes: where the leader puts its log. */
  readonly archive: string;
  /** Of Postgres's programs. */
  readonly programs: string;
  /** Who may come over the network: an address with the length of its prefix. */
  readonly clients: string;
  /** host:port each. */
  readonly etcd: readonly string[];
  /** The superuser; the replicator, the rewinder and the API have the same password. */
  readonly user: string;
  readonly password: string;
  /** Whether a commit waits for a standby: never; while there is one; always, even if nothing can be written meanwhile. */
  readonly replication: "asynchronous" | "synchronous" | "strict";
}

/** patroni.yaml of one node. */
export function renderNode(template: string, { replication, etcd, ...settings }: NodeSettings): string {
  return fillTemplate(template, {
    ...settings,
    etcd: JSON.stringify(etcd),
    synchronous: String(replication !== "asynchronous"),
    strict: String(replication === "strict"),
  });
}

export interface EntrySettings {
  readonly listen: string;
  /** By name: host:port of the server and of its Patroni's API. */
  readonly nodes: ReadonlyMap<string, { readonly server: string; readonly api: string }>;
}

/** haproxy.cfg. */
export function renderEntry(template: string, { listen, nodes }: EntrySettings): string {
  const server = ([name, { server, api }]: [string, { readonly server: string; readonly api: string }]): string =>
    `server ${name} ${server} check addr ${api.split(":")[0]} port ${api.split(":")[1]}`;
  return fillTemplate(template, { listen, nodes: [...nodes].map(server).join("\n") });
}

/** host:port at which instances reach Postgres. */
export function addressForInstances({ listen }: EntrySettings): string {
  return listen;
}
