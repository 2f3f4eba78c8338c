/** What a file in `chaos/capacity/` exports: what is loaded, how, and what is asked of it. */
import type { Topology } from "../core/experiment.ts";
import type { Target } from "../core/target.ts";
import type { Work } from "./iterations.ts";
import type { InstanceLimit, Named } from "./limit.ts";
import type { Objectives } from "./objectives.ts";
import type { SearchOptions } from "./search.ts";

/** Settings of instances: environment by role. */
export type Environment = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface StudyLoad {
  /** A file of `scenarios/`. */
  readonly scenario: string;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly work: Work;
}

/** The part of a window that is measured, and what is left out before it (ms). */
export interface WindowLength {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

interface Common {
  readonly id: string;
  readonly title: string;
  /** Whether it is run unless others are asked for, or only with everything. */
  readonly profile: "default" | "nightly";
  readonly topology: Topology;
  /** What differs from the target's usual settings. */
  readonly environment: Environment;
  /** Sampled of instances beside what the target names. */
  readonly gauges: Target["metrics"]["gauges"];
  /** What each instance has only so many of, by the settings it is started with. */
  limits(setting: (role: string, name: string) => string | undefined): readonly InstanceLimit[];
  readonly load: StudyLoad;
  readonly window: WindowLength;
}

/** The highest rate within objectives. */
export interface SearchStudy extends Common {
  readonly kind: "search";
  readonly objectives: Objectives;
  readonly search: SearchOptions;
  /** Of every n-th iteration's run the event stream is followed, for the objective of first events; 0: of none. */
  readonly streamEveryNth: number;
  /** The operation that creates the run whose events are followed. */
  readonly creates: string;
  /** Load and kills for the capacity under faults. */
  readonly faults?: FaultLoad;
}

export interface FaultLoad {
  /** A load in the open model that the exactly-once checkers can judge. */
  readonly scenario: string;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly role: string;
  /** An instance dies each so often and comes back so much later (ms). */
  readonly everyMs: number;
  readonly downMs: number;
  readonly kills: number;
  /** Shares of the sustainable rate that are tried, the highest first. */
  readonly shares: readonly number[];
  /** The longest a run may take once nothing disturbs it (ms). */
  readonly boundMs: number;
}

/** Throughput of a closed loop on several numbers of instances of one role. */
export interface ScalingStudy extends Common {
  readonly kind: "scaling";
  readonly role: string;
  readonly sizes: readonly number[];
  /** Each size is measured so often, in an order that goes up and down. */
  readonly rounds: number;
  readonly clientsPerInstance: number;
  readonly claim: string;
  /** What the claim asks for: linear growth with no more than this less (0.1), or just more. */
  readonly asks: { readonly linearWithin: number } | "more";
}

/** Throughput of a closed loop at several service times, against what a document says of them. */
export interface RatesStudy extends Common {
  readonly kind: "rates";
  readonly claim: string;
  readonly clients: number;
  /** Times are shorter and rates higher than documented by this factor. */
  readonly timesFaster: number;
  /** The setting of the load that holds the service time (a JSON list of ms). */
  readonly setting: string;
  readonly classes: readonly {
    readonly name: string;
    readonly documentedPerMinute: readonly [number, number];
    /** Service times to measure (s), as documented: those that the ends of the range imply, or the document's own. */
    readonly serviceSeconds: readonly number[];
  }[];
  /** Requests that are served at a time, as the document counts them. */
  readonly places: number;
  readonly tolerance: number;
}

/** A document's own load test. */
export interface ScriptStudy extends Common {
  readonly kind: "script";
  readonly claim: string;
  readonly stages: readonly { readonly seconds: number; readonly target: number }[];
  /** What the stages are multiplied by, unless everything is run at full length. */
  readonly shortened: number;
  readonly withinMs: number;
}

export type Study = SearchStudy | ScalingStudy | RatesStudy | ScriptStudy;

/** A change of the deployment: `chaos/capacity/variants/`, or from the command line. */
export interface Variant {
  readonly id: string;
  /** In a sentence. */
  readonly what: string;
  readonly environment?: Environment;
  /** Edits of a copy of the target's tree, as those of a planted defect. */
  readonly edits?: readonly { readonly file: string; readonly find: string; readonly replace: string }[];
  /** How much longer every round trip on edges takes (ms), by edge (`*->postgres`). */
  readonly latencyMs?: Readonly<Record<string, number>>;
  /** Another checkout whose server runs instead of this one's. */
  readonly project?: string;
  /** What a search has to name as the limit. */
  readonly caps?: Named["by"];
}
