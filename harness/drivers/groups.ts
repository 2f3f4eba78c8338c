/** A Postgres and a Redis of several servers, of which another leads when the first one is gone. */
import type { Client } from "pg";
import type { Stack, StackEdge } from "./stack.ts";

/** A process of a cluster: SIGKILL ends it, starting it again is the caller's. */
export interface ClusterProcess {
  readonly name: string;
  pid(): number | undefined;
  kill(): Promise<void>;
  /** Resolves once it answers. */
  start(): Promise<void>;
}

/** A member of the store in which managers agree on who leads. */
export interface StoreMember extends ClusterProcess {
  /** Whether it leads the store; undefined when it does not answer within the time (ms). */
  leads(withinMs: number): Promise<boolean | undefined>;
}

/** A node of a Postgres that fails over: a server, and the manager that starts, demotes and promotes it. */
export interface PostgresNode {
  /** `pg-2`. Keeps its name and its ports. */
  readonly name: string;
  readonly manager: ClusterProcess;
  serverPid(): number | undefined;
  /** SIGKILL of server and manager at once, as when their machine dies. */
  kill(): Promise<void>;
  /** SIGKILL of the postmaster alone: what serves its clients goes on for a moment. */
  killServer(): Promise<void>;
  /** Everything of it stops, and goes on. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Scheduler states of server and manager: `T` is stopped. */
  states(): Promise<readonly (string | undefined)[]>;
  /** What its manager says of the server; undefined when it says nothing within the time (ms). */
  role(withinMs: number): Promise<"primary" | "standby" | undefined>;
  /** Whether its manager says that it is the standby for which commits wait: the only one that is promoted where they wait for any. */
  isSynchronous(withinMs: number): Promise<boolean>;
  /** A connection of the harness's own to this very node. */
  connect(): Promise<Client>;
  /** The way by which all others replicate from it. */
  readonly link: Pick<StackEdge, "name" | "addToxic" | "setOpen">;
}

/** A copy of a database as it was at one time. */
export interface Backup {
  /** Starts a server from the copy and the archive, as it was at a restore point that was named after the copy had been made. Rejects when that cannot be reached. */
  restore(point: string): Promise<AsyncDisposable & { connect(): Promise<Client> }>;
}

export interface PostgresCluster {
  /** Whether a commit waits for a standby. */
  readonly synchronous: boolean;
  readonly nodes: readonly PostgresNode[];
  /** The one whose manager says that it leads; undefined when none does. */
  primary(): Promise<PostgresNode | undefined>;
  /** Asks the manager of the primary to hand over to another node. Rejects when it refuses. */
  switchover(): Promise<void>;
  /** Copies the primary as it is now. Absent: the driver cannot restore a copy. */
  backUp?(): Promise<Backup>;
  /** What leads clients to the primary. */
  readonly entry: ClusterProcess;
  readonly store: readonly StoreMember[];
}

/** One server of a Postgres whose standby is promoted by hand. Killing it resolves once none of its processes is left: those that outlive its main one for a moment go on writing. */
export interface PostgresServer extends ClusterProcess {
  /** host:port. */
  readonly address: string;
  /** A connection of the harness's own to this very server. The caller ends it. */
  connect(): Promise<Client>;
  /** What it has written to its log so far. */
  log(): Promise<string>;
}

/** A primary, and a standby that streams from it and restores from the archive what it cannot stream. */
export interface PostgresPair {
  /** The one that leads at first. */
  readonly primary: PostgresServer;
  readonly standby: PostgresServer;
  /** The way by which the standby replicates. */
  readonly link: Pick<StackEdge, "name" | "addToxic" | "setOpen">;
  /** Promotes the standby, which takes writes when this resolves. From then on the harness's own connections lead there. Rejects while the primary runs. */
  promote(): Promise<void>;
  /** After a promotion: makes the old primary a copy of the new one, which follows it, and starts it. */
  rejoin(): Promise<void>;
}

/** Instances that are near each other, with a Redis of their own. */
export interface Region {
  readonly name: string;
  /** The names of its instances. */
  instances(): readonly string[];
  readonly redis: Pick<Stack["redis"], "kill" | "start" | "pid" | "command">;
  /** Absent where the primary is. */
  readonly standby?: PostgresServer;
}

/** One server of a Redis that fails over. */
export interface RedisNode extends ClusterProcess {
  readonly port: number;
  pause(): void;
  resume(): void;
  /** A command of the harness's own to this very server. Rejects when it does not answer within a second. */
  command(name: string, ...args: readonly string[]): Promise<unknown>;
}

/** A Redis that fails over: one server leads, the others copy it, and sentinels promote one of them when most of them miss it. */
export interface RedisGroup {
  readonly nodes: readonly RedisNode[];
  readonly sentinels: readonly ClusterProcess[];
  /** The one that most sentinels name; undefined while there is none. */
  master(): Promise<RedisNode | undefined>;
  /** Has a sentinel hand over to another server. */
  failOver(): Promise<void>;
}
