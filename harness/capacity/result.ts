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
  readonly limit: {
    readonly by: "generator" | "database" | "pool" | "instance limit" | "serial section" | "cpu" | "unknown";
    readonly evidence: string;
  };
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

/** A window of the search. */
export interface Searched extends Point {
  /** What the search asked for: to climb, to descend, to bisect, to confirm. */
  readonly why: string;
  readonly outcome: "met" | "missed" | "void";
  /** The objectives that were missed, a sentence each. */
  readonly missed: readonly string[];
  /** The oldest work that waited to be taken (95th percentile of the readings, ms). */
  readonly queueAgeMs: number;
  /** From the answer that told of a run to its first event (95th percentile, ms); null: nobody followed. */
  readonly firstEventMs: number | null;
  /** Processors kept busy: by everything on the machine, and by the parts of the run. */
  readonly busyCores: number;
  readonly cores: Readonly<Record<string, number>>;
}

/** A claim of a document that a study decides. */
export interface DecidedClaim {
  readonly id: string;
  readonly study: string;
  readonly verdict: "holds" | "violated" | "inconclusive";
  readonly summary: string;
}

/** What was measured beyond a search, one after another; only what was asked for is there. */
export interface CapacityReport extends CapacityResult {
  /** 0 all well, 1 a claim is violated or the limit is another than the planted one, 2 void or undecided. */
  readonly exit: number;
  readonly searched: readonly Searched[];
  /** Most successes per second that any window of the search saw, whatever they cost in latency, and never less than what was sustained; null: no search. */
  readonly maximumPerSecond: number | null;
  /** Where throughput per latency is highest (Kleinrock's power, with the 95th percentile). */
  readonly kneePerSecond: number | null;
  /** What somebody asked for, to be held against what is sustainable. */
  readonly targetPerSecond: number | null;
  /** Every search of the run; the fields above are of the first. */
  readonly searches: readonly Search[];
  readonly claims: readonly DecidedClaim[];
  /** The change of the deployment that was measured, in a sentence; "": none. */
  readonly variant: string;
  /** The other side of a comparison, and what became of it. */
  readonly against: Against | null;
  readonly growth: readonly Growth[];
  readonly rates: readonly Rate[];
  readonly script: Script | null;
  readonly underFaults: UnderFaults | null;
}

/** One search: what it asked for, what it saw, and what came of it. */
export interface Search {
  readonly study: string;
  readonly title: string;
  readonly objectives: Readonly<Record<string, number>>;
  readonly searched: readonly Searched[];
  readonly sustainable: Sustainable;
  readonly maximumPerSecond: number;
  readonly kneePerSecond: number | null;
}

/** Closed-loop points of one study, as `scaling` holds those of the first. */
export interface Growth {
  readonly study: string;
  readonly role: string;
  readonly points: readonly Point[];
  /** In words, with the parameters of the fit. */
  readonly fit: string;
}

/** Measured throughput at one service time, beside what a document says. */
export interface Rate {
  readonly study: string;
  readonly name: string;
  readonly documentedPerMinute: readonly [number, number];
  readonly serviceSeconds: number;
  readonly idealPerMinute: number;
  /** Scaled back to the document's times. */
  readonly measuredPerMinute: number;
  readonly point: Point;
}

/** A document's own load test. */
export interface Script {
  readonly study: string;
  /** What its stages were multiplied by; 1: at full length. */
  readonly times: number;
  readonly requests: number;
  readonly not200: number;
  readonly tooLate: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** Loads that were offered while instances died, the highest first. */
export interface UnderFaults {
  readonly study: string;
  readonly killsPerMinute: number;
  /** The highest rate at which no run was lost or duplicated; null: at none, or undecided. */
  readonly sustainedPerSecond: number | null;
  readonly tried: readonly { readonly perSecond: number; readonly verdict: "holds" | "violated" | "inconclusive"; readonly summary: string }[];
}

export interface Against {
  readonly what: string;
  readonly verdict: "better" | "worse" | "same" | "inconclusive";
  readonly summary: string;
}
