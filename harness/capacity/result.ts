/** What a capacity run measured, as `capacity.json` of its directory holds it. Everything that plans, fits or compares reads these types and no clock. */

/** What two figures have to have in common to be compared: neither host nor user. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly kernel: string;
  readonly node: string;
}

/** Printed with every number. */
export interface Validity {
  /** 99th percentile of how much later than intended the generator sent (ms). */
  readonly scheduleLagMs: number;
  readonly droppedIterations: number;
  /** Cores that the generator kept busy. */
  readonly generatorCores: number;
  /** Share of the machine's time that the hypervisor gave to others (0..1). */
  readonly steal: number;
  /** Why the point says nothing, as a sentence; "": it is valid. */
  readonly voidBecause: string;
}

/** One measured window at one rate or one number of clients. */
export interface Point {
  readonly instances: number;
  /** Open model: arrivals that were asked for. null: a closed loop. */
  readonly offeredPerSecond: number | null;
  /** Closed loop: clients that wait for their own answer. null: the open model. */
  readonly clients: number | null;
  /** Successful operations. */
  readonly achievedPerSecond: number;
  /** Latency from the intended start (open model) or from sending (closed loop). */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly operations: number;
  readonly errors: number;
  /** Length of the window, without what was left out at its start. */
  readonly seconds: number;
  /** What hardly varies, over the window, unit or thing counted in the name: `cpuSeconds`, `sqlStatements`, `redisCommands`, `bytes`, `connections`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly validity: Validity;
}

/** Two windows one after the other, A first or B first (ABBA over the run). */
export interface Pair {
  readonly order: "AB" | "BA";
  readonly a: Point;
  readonly b: Point;
}

/** The highest rate at which the objectives were kept. */
export interface Sustainable {
  readonly instances: number;
  /** [last success, first failure]; high is null when nothing failed up to the end of the search. */
  readonly lowPerSecond: number;
  readonly highPerSecond: number | null;
  /** Why the search ended, as a sentence. */
  readonly stoppedBecause: string;
  readonly limit: { readonly by: "generator" | "database" | "pool" | "instance limit" | "cpu" | "unknown"; readonly evidence: string };
}

/** `capacity.json` */
export interface CapacityResult {
  readonly version: 1;
  readonly startedAt: string;
  readonly seed: number;
  readonly commit: string;
  readonly target: string;
  /** The load: a file of scenarios/. */
  readonly scenario: string;
  readonly machine: Machine;
  /** What has to be equal in two runs that are compared: `serviceTimeMs`, `runsPerInstance`, `poolSize`, ... */
  readonly settings: Readonly<Record<string, string | number>>;
  /** `successRatio`, `p95Ms`, ... */
  readonly objectives: Readonly<Record<string, number>>;
  /** Of the search, in the order in which they were measured. */
  readonly searched: readonly Point[];
  readonly sustainable: Sustainable | null;
  /** Closed-loop points at several numbers of instances, interleaved, for the growth with instances. */
  readonly scaling: readonly Point[];
  /** A against A: the noise floor. */
  readonly noise: readonly Pair[];
  /** A against B. */
  readonly pairs: readonly Pair[];
}
