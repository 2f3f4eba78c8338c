/** What a file in `chaos/` exports: an experiment, a claim, a planted defect. */
import type { Random } from "./random.ts";
import type { TargetConstants } from "./target.ts";
import type { Checker } from "./verdict.ts";

/** Number of instances by role (`{ api: 2, queue: 3 }`). */
export type Topology = Readonly<Record<string, number>>;

/**
 * How the dependencies are laid out: one server each; or Postgres as three nodes, of which one leads and another is promoted when it is gone, and a commit waits for a standby
 * as long as there is one (`ha`), for none (`ha-async`), or always (`ha-strict`); or a standby that follows one Postgres, and that nobody promotes by himself (`standby`), which
 * may be in a second region, with instances and a Redis of its own (`regions`); or Redis as three, of which sentinels promote one (`sentinel`); or one server each, and of the
 * instances of a role one alone serves, until another takes over (`passive`).
 */
export const layouts = ["single", "ha", "ha-async", "ha-strict", "standby", "regions", "sentinel", "passive"] as const;
export type Layout = (typeof layouts)[number];
/** Those in which Postgres is three nodes. */
export const clusters = ["ha", "ha-async", "ha-strict"] as const satisfies readonly Layout[];
export type ClusterLayout = (typeof clusters)[number];

export function isCluster(layout: Layout): layout is ClusterLayout {
  return clusters.some((one) => one === layout);
}

/** Those in which one standby follows one Postgres. */
const pairs = ["standby", "regions"] as const satisfies readonly Layout[];

export function hasStandby(layout: Layout): boolean {
  return pairs.some((one) => one === layout);
}

/** One entry of the timeline, on the clock of the fault phase: 0 is the moment steady state was seen. */
export interface ScheduledFault {
  /** A file of `harness/faults/`. */
  readonly fault: string;
  /** An instance (`queue-2`), a dependency (`postgres`), an edge (`queue-2->redis`), or a choice made when it strikes: `holder-of-lock`, `long-holder-of-lock`. */
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

/** WebSocket clients beside the load: of every agent that the load publishes to. */
export interface SocketClients {
  /** The operation that publishes a message, as the load calls it; its answer names the agent. */
  readonly published: string;
  readonly perAgent: number;
}

/** What the experiment needs to have seen before its verdicts mean anything (SEMANTICS, "Faults and load"). */
interface Coverage {
  readonly operations: number;
  readonly operationsPerFault: number;
  /** Steady state is demanded before the first fault and after the last; a saturating load has none. */
  readonly steady: boolean;
}

/** Sets of experiments, each within the next: a quick look, the usual run, most and those of safety with several seeds, all. */
export const profiles = ["smoke", "default", "nightly", "weekly"] as const;
export type Profile = (typeof profiles)[number];

/** What can be asked for: one of the sets, or by itself `soak`, long loads that look for what grows, or `random`, those repeated with ever new seeds. */
export const choices = [...profiles, "soak", "random"] as const;
export type Choice = (typeof choices)[number];

/** Variables of the environment, by role and name. */
export type Settings = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Experiment {
  readonly id: string;
  readonly title: string;
  /** The smallest profile it belongs to; larger ones include it. None includes `soak`. */
  readonly profile: Profile | "soak";
  /** Whether the interleaving decides what it sees of safety under faults, so that one seed says little. The longest are repeated in the profile `weekly` only. */
  readonly safety?: true | "weekly";
  /** Whether the profile `random` repeats it, with another seed each time. */
  readonly endless?: true;
  /** Absent: the target's usual topology, which flags may change. Present: what this experiment needs, whatever the flags say. */
  readonly topology?: Topology;
  /** Absent: one server each, or what `--topology` asks for. Present: what this experiment needs, whatever the flags say. */
  readonly layout?: Layout;
  /** Settings of the target that instances of a role are deployed with, beside those that every experiment gives them; by role. */
  readonly settings?: Settings;
  /** Edges that lead through toxiproxy, because a fault of this experiment needs them: `queue->redis`. */
  readonly proxied: readonly string[];
  readonly load: Load;
  readonly streams?: StreamClients;
  readonly sockets?: SocketClients;
  /** seed -> timeline, pure. */
  schedule(random: Random, topology: Topology): readonly ScheduledFault[];
  /** After the last fault the load goes on until it has been steady again and there were enough operations, at most this long (ms); without a steady state just this long. */
  readonly settleMs: number;
  /** After the load: wait until every run is terminal, at most this long (ms); 0: do not wait. */
  readonly drainMs: number;
  readonly coverage: Coverage;
  /** Which checkers decide which claim. */
  readonly claims: Readonly<Record<string, readonly Checker[]>>;
}

/** The number that decides a claim. */
interface Bound {
  /** A number, or how it derives from what the target declares; undefined where the target declares nothing of the kind. */
  readonly value: number | ((constants: TargetConstants) => number | undefined);
  readonly unit: string;
  /** What is measured, and why by this number. */
  readonly why: string;
}

/** Where a document contradicts itself or another, or is wrong: what it says, and what can hold. Both are tried, and the report shows both. */
export interface Readings {
  readonly documented: string;
  readonly corrected: string;
}

/** Why no experiment tries a claim, in the order in which the matrix tells it. */
export const untriedKinds = ["measured as capacity", "tested in the server", "calculated", "not yet", "out of reach"] as const;

export type Untried =
  /** A study of `npm run capacity` judges it: without faults, on a deployment of its own; `reason` says how. */
  | { readonly kind: "measured as capacity"; readonly study: string; readonly reason: string }
  /** The server's own tests try it on a few instances without load; `tests` are files of the target's tree, `reason` says what they leave open. */
  | { readonly kind: "tested in the server"; readonly tests: readonly string[]; readonly reason: string }
  /** It is arithmetic, and the arithmetic is in the claim. */
  | { readonly kind: "calculated"; readonly reason: string }
  /** A driver could try it; `reason` says what is missing. */
  | { readonly kind: "not yet"; readonly reason: string }
  /** It needs what no driver has. */
  | { readonly kind: "out of reach"; readonly reason: string };

/** One row of the catalogue. An experiment that names it tries it; where none does, `untried` says why. */
export interface Claim {
  /** Permanent: reports, tests and commits use it. */
  readonly id: string;
  readonly statement: string;
  /** Which seed document makes the claim, in words a reader recognises. */
  readonly document: string;
  /** Its section there, or the public reports. */
  readonly where: string;
  /** What makes it hold and what violates it. */
  readonly decides: string;
  readonly bound?: Bound;
  readonly readings?: Readings;
  readonly untried?: Untried;
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
  /** The file that was named, where the catalogue does not have it: by this, and not by its id, a command finds it again. */
  readonly from?: string;
}
