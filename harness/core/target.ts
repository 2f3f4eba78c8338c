/** The system under test as the harness sees it: how an instance starts, what it promises, what can be observed of it. */
import type { Notice } from "./records.ts";

/**
 * Numbers the target declares; every bound derives from them. An absent one means the target makes no such promise, and claims
 * that need it are out of reach.
 */
export interface TargetConstants {
  /** A handler silent for this long may be taken for dead. */
  readonly heartbeatTimeoutMs?: number;
  /** Longest time between two looks for dead handlers, both ends counted. */
  readonly sweepIntervalMs?: number;
  /** Runs one queue instance executes at a time. */
  readonly runsPerInstance?: number;
  /** How long an outage of the database is absorbed without an error to the client. */
  readonly outageBudgetMs?: number;
  readonly lockLeaseMs?: number;
  /** How long a copy may be answered after what it was copied from has changed, whatever messages were lost. */
  readonly cacheTtlMs?: number;
  /** Connections to Postgres that one instance holds at most. */
  readonly connectionsPerInstance?: number;
  /** From the answer to a cancel until its handler begins no further effect and has left the attempt, while Postgres is well: lost messages included. */
  readonly cancelMs?: number;
  /** From when a run may be claimed until an instance with a free slot has claimed it, while Postgres is well: lost messages included. */
  readonly pickUpMs?: number;
  /** From a polite signal to stop until the process has ended, while its dependencies are well. */
  readonly shutdownMs?: number;
  /** Where one alone of a role serves: from when it is gone until another serves, while its dependencies are well. */
  readonly takeoverMs?: number;
}

/** What a role's process needs; the driver adds the runtime and supervises it. */
export interface InstanceSpec {
  /** Relative to the copied tree. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The addresses an instance is given; each may lead through a proxy. */
export interface InstanceEdges {
  readonly instance: string;
  readonly role: string;
  readonly port: number;
  /** The address it listens on; loopback when absent. */
  readonly host?: string;
  readonly postgres: { readonly host: string; readonly port: number; readonly user: string; readonly password: string; readonly database: string };
  /** A standby of its own to read from, with the credentials of `postgres`; absent where Postgres is one server. */
  readonly replica?: { readonly host: string; readonly port: number };
  readonly redis: {
    readonly host: string;
    readonly port: number;
    readonly password: string;
    /** Where it fails over: the name of the group and host:port of each sentinel, which has the same password; host and port are those of the first master. */
    readonly group?: { readonly name: string; readonly sentinels: readonly string[] };
  };
  /** host:port of this instance's own ledger socket. */
  readonly ledger: string;
  /** Where one alone of a role serves: the port on which each of them answers about itself, and who is told (POST) when another takes over; nobody where that is absent. */
  readonly passive?: { readonly port: number; readonly notices?: string | undefined };
}

/** What a balancer is to do. Addresses are host:port; the directory is private to the balancer and writable by it. */
interface BalancerSettings {
  readonly listen: string;
  readonly upstreams: readonly string[];
  /** Those of them that get nothing new. */
  readonly down: readonly string[];
  /** How it chooses among the others: `round_robin`, `least_conn`, `ip_hash` or `random`; absent: the target's own way. */
  readonly balancing?: string;
  readonly directory: string;
  /** Sent with every answer as X-Balancer-Version, so that a probe sees which configuration answers. */
  readonly version: string;
}

/** What a target's balancer module exports. */
export interface BalancerModule {
  renderBalancer(template: string, settings: BalancerSettings): string;
}

/** A request that the balancer has done with, as its log tells it. */
export interface BalancedRequest {
  /** By the clock of the worker that served it (ms since 1970): of two requests of one worker they tell which was over before the other began. */
  readonly beganAt: number;
  readonly endedAt: number;
  readonly worker: string;
  /** Who was asked, in that order. `failed`: the balancer certainly counted it as a failure; `unknown`: it may have. */
  readonly tries: readonly { readonly on: string; readonly outcome: "answered" | "failed" | "unknown" }[];
}

/** One node of a Postgres that fails over. Addresses are host:port. */
interface NodeSettings {
  readonly name: string;
  /** Of the manager's API, of the server, and where the other nodes reach the server: each may lead through a proxy. */
  readonly api: string;
  readonly listen: string;
  readonly advertised: string;
  /** Private to the node. */
  readonly directory: string;
  /** Shared by all nodes: where the leader puts its log. */
  readonly archive: string;
  /** Of Postgres's programs. */
  readonly programs: string;
  /** Who may come over the network: an address with the length of its prefix. */
  readonly clients: string;
  readonly etcd: readonly string[];
  readonly user: string;
  readonly password: string;
  readonly replication: "asynchronous" | "synchronous" | "strict";
}

interface EntrySettings {
  readonly listen: string;
  /** By name: the server's address and its manager's. */
  readonly nodes: ReadonlyMap<string, { readonly server: string; readonly api: string }>;
}

/** What a target's cluster module exports: the configuration of Patroni for a node, of HAProxy before them all, and the address that instances are given. */
export interface ClusterModule {
  renderNode(template: string, settings: NodeSettings): string;
  renderEntry(template: string, settings: EntrySettings): string;
  addressForInstances(settings: EntrySettings): string;
}

/** One server of a Postgres whose standby is promoted by hand. */
interface ServerSettings {
  readonly host: string;
  readonly port: number;
  /** Shared by both: where the primary puts its log. */
  readonly archive: string;
  /** How the standby reaches the primary, in libpq's words. Absent: it is the primary. */
  readonly primary?: string;
}

/** What a target's module of such servers exports: it fills the template of one of them in. */
export interface StandbyModule {
  renderServer(template: string, settings: ServerSettings): string;
}

/** Where the instances of a region find what they depend on; host:port each. */
interface RegionalDependencies {
  readonly redis: string;
  /** A standby to read from; absent where the primary is. */
  readonly replica?: string;
}

/** What a target's module of regions exports. */
export interface RegionsModule {
  dependenciesOf(region: string, regions: ReadonlyMap<string, RegionalDependencies>): RegionalDependencies;
}

/** How a run's events are followed as server-sent events, and what the store holds of them. */
export interface StreamProtocol {
  request(run: string, lastEventId: number): { readonly path: string; readonly headers: Readonly<Record<string, string>> };
  /** The header of an answer that names the instance it comes from. */
  readonly instanceHeader: string;
  /** `kind` is "end" for the event after which nothing may come, and "step" for one that tells of a step. No attempt tells of the same (`of`) in two events of a kind. */
  read(message: { readonly event?: string | undefined; readonly data: string }): {
    readonly kind: string;
    readonly attempt: number;
    readonly of: string;
  };
  /** SQL; $1 is a list of runs. One row {subject, id, kind, attempt, of} for each of their events, in the order of ids. */
  readonly stored: string;
}

/** How the messages of an agent are followed over a WebSocket, and what the store holds of them. Numbers of messages increase by one from 1. */
export interface SocketProtocol {
  /** `after`: the number of the last message that the client has; undefined: it wants what comes from now on. */
  path(agent: string, after: number | undefined): string;
  /** As in `StreamProtocol`. */
  readonly instanceHeader: string;
  /** `ready`: who has said nothing before is connected, and is sent what follows message `id`; undefined: it is about something else. */
  read(
    text: string,
  ): { readonly kind: "ready"; readonly id: number } | { readonly kind: "message"; readonly id: number; readonly message: string } | undefined;
  /** SQL; $1 is a list of agents. One row {subject, id, kind, attempt} for each of their messages, in the order of ids; `kind` is "message", `attempt` 0. */
  readonly stored: string;
}

export interface Target {
  readonly id: string;
  readonly title: string;
  readonly constants: TargetConstants;
  /** Claims of the catalogue that the target does not make, each with its reason: what would be a violation elsewhere is as designed here. */
  readonly disclaims: Readonly<Record<string, string>>;
  /** Folder with its source, relative to the project; copied into the run's directory, where planted defects edit the copy. */
  readonly tree: string;
  /** How it is deployed in containers: a folder of the project with its compose.yaml, in which each role is a service, and where its tree is in their image. Absent: it is not. */
  readonly containers?: { readonly directory: string; readonly tree: string };
  /** The usual number of instances by role. */
  readonly topology: Readonly<Record<string, number>>;
  /** The role behind the load balancer. */
  readonly frontRole: string;
  spec(edges: InstanceEdges): InstanceSpec;
  /** Path that answers 200 once the instance takes work. */
  readonly readyPath: string;
  /** Answers 200 for as long as the process is not to be restarted. */
  readonly livePath?: string;
  /** How one alone of the instances of a role can serve. Absent: all of them do. */
  readonly passive?: {
    /** Whether an answer of `readyPath` that is not 200 says that the instance waits for its turn. */
    standsBy(answer: string): boolean;
    /** Further settings of the balancer: who waits refuses connections. */
    readonly balancer: Readonly<Record<string, unknown>>;
    /** What an administrator is told in a request with this body; undefined where it tells of no failover. */
    notice(body: string): Pick<Notice, "failover" | "from" | "to"> | undefined;
  };
  /** Prometheus text of an instance, and what to sample of it: name of the sample -> series and the factor to its unit. `lagMs` is the instance's timer lag, `startedAtMs` when it started by its own wall clock. */
  readonly metrics: { readonly path: string; readonly gauges: Readonly<Record<string, { readonly series: string; readonly times: number }>> };
  /** Balancer configuration: a template's text, and the module (exporting `renderBalancer`) that fills it in. Both are of the copied tree, so that a planted defect may edit either. */
  readonly balancer: {
    readonly template: string;
    readonly renderer: string;
    /** The log of requests: its name in the balancer's directory, and how a line reads, who was asked as host:port. Throws an Error where a line is none. */
    readonly log: { readonly file: string; read(line: string): BalancedRequest };
  };
  /** Templates for Patroni and for HAProxy, and the module that fills them in, of the copied tree. Absent: its Postgres is one server. */
  readonly cluster?: { readonly node: string; readonly entry: string; readonly renderer: string };
  /** Templates of postgresql.conf for a primary and for its standby, and the module that fills them in, of the copied tree. Absent: its Postgres has none. */
  readonly standby?: { readonly primary: string; readonly follower: string; readonly renderer: string };
  /** The module, of the copied tree, that says what the instances of a region depend on; its balancer takes the setting `regions`. Absent: it knows no regions. */
  readonly regions?: string;
  /** Absent: it streams no events. */
  readonly streams?: StreamProtocol;
  /** Absent: it has no WebSockets. */
  readonly sockets?: SocketProtocol;
  /** Audit trail the harness installs in the target's database before any load. SQL; rows come back by the two queries. */
  readonly observe: {
    readonly install: string;
    readonly transitions: string;
    readonly writes: string;
    /** One row {open, oldest_ms}: runs not yet terminal, and the age of the longest-waiting one. */
    readonly backlog: string;
    /** A condition on a row of pg_stat_activity: whether it is a session of the target's own. Its application_name is the instance's name. */
    readonly sessions: string;
  };
}
