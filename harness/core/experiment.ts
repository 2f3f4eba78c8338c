/** What a file in `chaos/` exports: an experiment, a claim, a planted defect. */
import type { Random } from "./random.ts";
import type { Checker } from "./verdict.ts";

/** Number of instances by role (`{ api: 2, queue: 3 }`). */
export type Topology = Readonly<Record<string, number>>;

/** One entry of the timeline, on the clock of the fault phase: 0 is the moment steady state was seen. */
export interface ScheduledFault {
  /** A file of `harness/faults/`. */
  readonly fault: string;
  /** An instance (`queue-2`), a dependency (`postgres`), an edge (`queue-2->redis`), or a choice made when it strikes: `holder-of-run`, `holder-of-lock`. */
  readonly on: string;
  readonly atMs: number;
  /** How long it bites before it is healed. */
  readonly forMs: number;
  readonly options?: Readonly<Record<string, string | number>>;
}

export interface Load {
  /** A file of `scenarios/`. */
  readonly scenario: string;
  /** Open-model arrivals (operations started per second whatever the answers). */
  readonly perSecond: number;
  /** Further settings of the scenario, passed as environment. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** Clients of event streams beside the load: of every n-th run that the load creates. */
export interface StreamClients {
  /** The operation that creates a run, as the load calls it. */
  readonly ofCreated: string;
  readonly everyNth: number;
}

/** What the experiment needs to have seen before its verdicts mean anything (SEMANTICS, "Faults and load"). */
interface Coverage {
  readonly operations: number;
  readonly operationsPerFault: number;
  /** Steady state is demanded before the first fault and after the last; a saturating load has none. */
  readonly steady: boolean;
}

/** Sets of experiments, each within the next: a quick look, the usual run, everything once. */
export const profiles = ["smoke", "default", "nightly"] as const;
export type Profile = (typeof profiles)[number];

export interface Experiment {
  readonly id: string;
  readonly title: string;
  /** The smallest profile it belongs to; larger ones include it. */
  readonly profile: Profile;
  /** Absent: the target's usual topology, which flags may change. Present: what this experiment needs, whatever the flags say. */
  readonly topology?: Topology;
  /** Edges that lead through toxiproxy, because a fault of this experiment needs them: `queue->redis`. */
  readonly proxied: readonly string[];
  readonly load: Load;
  readonly streams?: StreamClients;
  /** seed -> timeline, pure. */
  schedule(random: Random, topology: Topology): readonly ScheduledFault[];
  /** After the last fault the load goes on until it has been steady again, at most this long (ms); without a steady state just this long. */
  readonly settleMs: number;
  /** After the load: wait until every run is terminal, at most this long (ms); 0: do not wait. */
  readonly drainMs: number;
  readonly coverage: Coverage;
  /** Which checkers decide which claim. */
  readonly claims: Readonly<Record<string, readonly Checker[]>>;
}

export interface Claim {
  readonly id: string;
  readonly statement: string;
  /** Which seed document makes the claim, in words a reader recognises. */
  readonly document: string;
}

export interface Defect {
  readonly id: string;
  /** The claim it must turn to violated. */
  readonly claim: string;
  /** What is broken, in a sentence. */
  readonly what: string;
  /** Each `find` must match exactly once in `file` (relative to the target's tree). */
  readonly edits: readonly { readonly file: string; readonly find: string; readonly replace: string }[];
  readonly caughtBy: readonly string[];
}
