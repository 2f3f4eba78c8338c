/** A running topology as experiments and faults see it, whichever driver brought it up. An ability a driver lacks is an absent property. */
import type { Client } from "pg";
import type { Defect, Layout, Settings, Topology } from "../core/experiment.ts";
import type { BalancedRequest, Target } from "../core/target.ts";
import type { PostgresCluster, PostgresPair, RedisGroup, Region } from "./groups.ts";

export type StopMode = "smart" | "fast" | "immediate" | "kill";

export interface Instance {
  /** `queue-2`. Keeps its name and its port over restarts. */
  readonly name: string;
  readonly role: string;
  readonly port: number;
  pid(): number | undefined;
  /** Scheduler state: `T` is stopped; undefined when gone. */
  processState(): Promise<string | undefined>;
  kill(): Promise<void>;
  /** Sends the signal and waits for the end, at most `graceMs`, then kills. Resolves with how it ended (`exit 0`, `signal SIGKILL`) and after how long. */
  terminate(signal: "SIGINT" | "SIGTERM", graceMs: number): Promise<{ readonly how: string; readonly afterMs: number }>;
  /** Starts it (again) and waits until it answers ready, or that it stands by. */
  start(): Promise<void>;
  /** Starts it with further settings in its environment. Resolves with `ready`, or with how it ended instead. */
  startWith(environment: Readonly<Record<string, string>>): Promise<string>;
  /** Starts it with a wall clock that is `aheadMs` ahead of everybody's (negative: behind) and waits until it answers ready. Its monotonic clock stays right. */
  startAhead(aheadMs: number): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** What it has written so far; empty while it is down. */
  log(): Promise<string>;
  /** How long its main thread has had a processor so far and how long it has waited for one, ready to run (ms). */
  processorMs(): { readonly had: number; readonly waited: number };
  /** How many descriptors it has open. */
  descriptors(): number;
  /** No descriptor that it opens from now on may have a number of `count` or above; those it has stay. Resolves to what restores the limit. */
  limitDescriptors(count: number): Promise<() => Promise<void>>;
  /** Whether its readiness path answers 200 within the time (ms). */
  isReady(withinMs: number): Promise<boolean>;
  /** Whether it says within the time (ms) that it waits for its turn; absent where all of its role serve. */
  standsBy?(withinMs: number): Promise<boolean>;
  /** Whether its liveness page is answered with 200; undefined where it is not answered in time, or the target has none. */
  isLive(withinMs: number): Promise<boolean | undefined> | undefined;
  /** Absent: it has no container of its own. */
  readonly container?: InstanceContainer;
  /** The target's sampled gauges; empty where the instance does not answer within the time (ms). */
  gauges(withinMs: number): Promise<Readonly<Record<string, number>>>;
}

/** What can be done to an instance that has a container of its own. What undoes it is resolved to. */
export interface InstanceContainer {
  /** Pulls it out of a network of its deployment: `data`, where its dependencies are, or `front`, where the balancer is. Its connection to the judge stays. Plugged in again, it has its address and its names. */
  unplug(network: string): Promise<() => Promise<void>>;
  /** The networks that it is in now. */
  networks(): Promise<readonly string[]>;
  /** The name service answers nothing that it asks from now on; addresses that it knows and connections that it has stay good. */
  loseNames(): Promise<() => Promise<void>>;
  /** Why a name (`redis`) cannot be resolved inside it; undefined when it can. */
  whyUnresolved(name: string): Promise<string | undefined>;
  /** Leaves it `spareMiB` more memory than it uses and lets something in it ask for more, so that the kernel ends the instance. */
  runOutOfMemory(spareMiB: number): Promise<() => Promise<void>>;
  /** Whether the kernel ended it last for its memory. */
  endedForMemory(): Promise<boolean>;
}

/** What a proxied edge does to its messages, in toxiproxy's own words; times in ms, rates in kB/s. */
export interface Toxic {
  readonly type: "latency" | "bandwidth" | "timeout" | "reset_peer" | "slow_close";
  /** upstream: from the instance to the dependency. */
  readonly stream: "upstream" | "downstream";
  readonly attributes: Readonly<Record<string, number>>;
}

/** What became of a connection that said its first words: answered, or how it failed; `silent` when nothing happened in time. */
export type Dialled = "answered" | "refused" | "reset" | "closed" | "silent";

/** A connection of the harness's own through an edge, past which it can see the dependency too. */
export interface EdgeProbe extends Disposable {
  /** Whether it is open as far as the instance's side knows. */
  isOpen(): boolean;
  /** How long a round trip that carries a payload both ways takes (ms). Rejects when it is not over within the time. */
  roundTripMs(withinMs: number, payloadBytes: number): Promise<number>;
  /** Whether what is said on it reaches the dependency. */
  reaches(withinMs: number): Promise<boolean>;
  /** Whether what the dependency says unasked arrives. */
  hears(withinMs: number): Promise<boolean>;
}

/** A proxied edge: `queue-2->redis`. */
export interface StackEdge {
  readonly name: string;
  /** Adds a toxic to every connection, old and new. Resolves to what removes it. */
  addToxic(toxic: Toxic): Promise<() => Promise<void>>;
  /** Closed: what is connected is disconnected, and new connections are refused. */
  setOpen(open: boolean): Promise<void>;
  /** Ends every connection at the dependency's side; new ones pass. */
  cutBehind(): Promise<void>;
  /** Leads to another server (host:port) from now on; what is connected is disconnected. */
  leadTo(address: string): Promise<void>;
  /** Connects, says the first words and sees what becomes of them within the time (ms). */
  dial(withinMs: number): Promise<Dialled>;
  /** How long it takes until the dependency's side has closed as well, once ours has (ms); undefined when it has not within the time. */
  closesAfterMs(withinMs: number): Promise<number | undefined>;
  /** Rejects when the dependency lets nobody in within the time (ms). */
  openProbe(withinMs: number): Promise<EdgeProbe>;
}

export interface StackBalancer {
  pid(): number | undefined;
  /** SIGKILL, workers included. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /**
   * Tells it to read its configuration anew, with the instances `down` marked as down and all others of the front role in it, chosen among by `balancing`
   * (absent: the target's own way). Resolves to the version of it, before it is in effect.
   */
  reload(change?: { readonly down?: readonly string[]; readonly balancing?: string }): Promise<string>;
  /** The version of the configuration that answers a new connection. Rejects when none answers within the time (ms). */
  version(withinMs: number): Promise<string>;
  /** What it has done with so far, in the order of its log. Who was asked is told by the instance's name, where the address is one's. */
  requests(): Promise<readonly BalancedRequest[]>;
}

/** A child beside the stack that takes what the instances need. */
export interface Hog extends AsyncDisposable {
  pid(): number | undefined;
  rssMb(): number;
}

/** A Postgres of its own beside the deployment, which nobody has started yet. It is the fault's to start, as the entry point of an image does it. */
export interface NewPostgres {
  readonly port: number;
  /** Its socket is in this folder. */
  readonly socketDirectory: string;
  /** initdb. */
  initialise(): Promise<void>;
  /** Starts the server, which listens on its socket, and by TCP where `listen` says so. Resolves at once. */
  start(listen: boolean): Promise<void>;
  stop(mode: StopMode): Promise<void>;
  /** By TCP, or through its socket. The caller ends it. */
  connect(socket: boolean): Promise<Client>;
  /** Whether SELECT 1 is answered by TCP, or refused; undefined when neither. */
  answers(): Promise<boolean | undefined>;
}

/**
 * A place beside the deployment, where processes of the target run with settings that are none of the harness's: nothing but what they are given is in their environment,
 * and a database of their own in Postgres and another in Redis keep them apart from the deployment.
 */
export interface Annex {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  /** Private to it, for files that they are to find. */
  readonly directory: string;
  /** A port that is nobody's. */
  takePort(): Promise<number>;
  /**
   * Resolves once the process is there, which may be long before it answers. Taking the stack down ends it. `directory`: a folder below its own, in which it is
   * started; absent: where its program is.
   */
  start(name: string, environment: Readonly<Record<string, string>>, directory?: string): Promise<AnnexProcess>;
}

export interface AnnexProcess {
  /** Resolves with `exit 0` or `signal SIGKILL` when it is gone. */
  readonly ended: Promise<string>;
  /** How it ended; undefined while it lives. */
  outcome(): string | undefined;
  /** What all processes of its name have written so far. */
  written(): string;
  /** Sends the signal, then SIGKILL once `graceMs` have passed; resolves with how it ended. */
  stop(first: "SIGTERM" | "SIGKILL", graceMs: number): Promise<string>;
}

export interface StackOptions {
  readonly target: Target;
  readonly defect: Defect | undefined;
  readonly topology: Topology;
  /** One server each when absent. */
  readonly layout?: Layout;
  /** By role, beside the target's own. */
  readonly settings?: Settings | undefined;
  readonly proxied: readonly string[];
  readonly name: string;
  readonly logs: string;
  /** The ledger's address for an instance; `host`: the harness's address as the instance reaches it, loopback when absent. */
  ledgerFor(instance: string, host?: string): Promise<string>;
  /** Where to tell of failovers (POST), with the layout `passive`; nobody is told when absent. */
  readonly notices?: string | undefined;
}

export interface AlertWatch {
  /** The instances that answered when they were scraped last, and those for which the alert is raised: pending or firing. */
  look(alert: string): Promise<{ readonly scraped: readonly string[]; readonly raised: readonly string[] }>;
  /** How many series answer an expression with a number now, and of how many instances; undefined: it is no PromQL. */
  answer(expression: string): Promise<{ readonly series: number; readonly instances: number } | undefined>;
}

/** A certificate with its key, both as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/**
 * What not every driver has: containers of the instances' own, clients that the balancer can tell apart by their addresses, balancers that speak TLS, a Postgres that fails over and
 * can be copied and restored, one whose first start can be watched, instances with other settings than the deployment's alone, a name service of the harness's, a Prometheus that evaluates the target's alerts.
 */
export type Ability =
  | "containers"
  | "client addresses"
  | "tls"
  | "backups"
  | "first starts"
  | "settings of their own"
  | "name service"
  | "alert rules";

/** What brings stacks up, prepared once for a suite. */
export interface Driver {
  readonly id: "process" | "compose";
  readonly project: string;
  /** Private to the run. */
  readonly directory: string;
  readonly marker: string;
  /** The abilities that it lacks, each with the reason: what needs them is out of reach. */
  readonly lacks: Readonly<Partial<Record<Ability, string>>>;
  /** The layouts that it cannot bring up, each with a sentence that says why. */
  readonly beyond: Readonly<Partial<Record<Layout, string>>>;
  startStack(options: StackOptions): Promise<Stack>;
}

export interface Stack extends AsyncDisposable {
  /** Base address of the load balancer. */
  readonly url: string;
  /** This machine's address as the instances reach it. */
  readonly harness: string;
  instances(): readonly Instance[];
  /** How many were started at once when there was nothing in the database, and the names of those that ended by themselves then, and came up when they were started again alone. */
  readonly firstStart: { readonly together: number; readonly ended: readonly string[] };
  /** Files that a planted defect edits and that nobody has read so far. */
  unreadEdits(): Promise<readonly string[]>;
  /** The text of a file of the target's tree, as it is deployed. */
  readTree(file: string): Promise<string>;
  /** Absent: the driver cannot watch a first start. */
  newPostgres?(): Promise<NewPostgres>;
  /** Absent: the driver cannot run anything beside the deployment. */
  openAnnex?(): Promise<Annex>;
  /** Evaluates the alert rules on what instances tell of themselves, from now on; absent where the driver lacks a Prometheus. */
  watchAlerts?(of: {
    /** The text of a file of Prometheus rules. */
    readonly rules: string;
    /** The path of an instance's metrics. */
    readonly page: string;
    /** Their ports, by name. */
    readonly instances: ReadonlyMap<string, number>;
  }): Promise<AlertWatch & AsyncDisposable>;
  /** Adds one instance of a role and waits until it is ready. */
  addInstance(role: string): Promise<Instance>;
  readonly edges: readonly StackEdge[];
  readonly balancer: StackBalancer;
  /**
   * Another balancer before the same instances, with further settings of the target's own: what would disturb the load is tried on it. Resolves to its port; with a
   * certificate it speaks TLS on another one as well.
   */
  addBalancer(
    settings: Readonly<Record<string, unknown>>,
    certificate?: Certificate,
  ): Promise<AsyncDisposable & Pick<StackBalancer, "requests"> & { readonly port: number; readonly tlsPort?: number }>;
  /** Starts a hog of one processor, or of `amount` MiB of memory. */
  startHog(kind: "cpu" | "memory", amount: number): Promise<Hog>;
  readonly postgres: {
    /** Absent where several servers replace each other. */
    stop?(mode: StopMode, graceMs: number): Promise<string>;
    /** Resolves once it takes writes: a server that was stopped is started, several are waited for. */
    start(): Promise<void>;
    isRunning(): boolean;
    /** A connection of the harness's own, past every proxy; to the primary, and ended when another takes over. */
    connect(): Promise<Client>;
    /** SIGKILL of one session's process, by the pid that pg_stat_activity tells. */
    killBackend(pid: number): Promise<void>;
  };
  /** Absent where Postgres is one server. */
  readonly cluster?: PostgresCluster;
  /** Absent where Postgres has no standby that is promoted by hand. */
  readonly pair?: PostgresPair;
  /** The one with the primary first. Absent where everything is in one place. */
  readonly regions?: readonly Region[];
  /** Absent where Redis is one server. */
  readonly redisGroup?: RedisGroup;
  /** Where Redis is several servers: the one that led when it was last asked for; of several regions, that of the first. */
  readonly redis: {
    kill(): Promise<void>;
    start(): Promise<void>;
    pause(): Promise<void>;
    resume(): Promise<void>;
    pid(): number | undefined;
    /** A command of the harness's own, past every proxy. Rejects when Redis does not answer within a second. */
    command(name: string, ...args: readonly string[]): Promise<unknown>;
  };
}
