/** What the report draws: small, whatever the size of the run. Times are ms since the experiment began. */
import type { CapacityReport, Search } from "../capacity/result.ts";
import type { ClaimVerdict, ExperimentVerdict, OutcomeCounts, SuiteVerdict, Verdict } from "../core/verdict.ts";

type Series = readonly (number | null)[];

/** Equal buckets: bucket i covers [i * bucketMs, (i + 1) * bucketMs). null: nothing was seen in it. */
export interface Timeline {
  readonly bucketMs: number;
  readonly buckets: number;
  /** Completions per second, by the moment of the answer. */
  readonly servedPerSecond: Series;
  readonly shedPerSecond: Series;
  readonly errorPercent: Series;
  /** From the intended start of served operations, by that start. Of scheduled operations only, where there are any. */
  readonly p50Ms: Series;
  readonly p95Ms: Series;
  readonly p99Ms: Series;
  readonly backlogOldestMs: Series;
  /** Connections of all instances' pools that are taken, and callers that wait for one. */
  readonly poolInUse: Series;
  readonly poolWaiting: Series;
}

/** One injection of a fault. null: that phase was never recorded. */
export interface FaultBand {
  readonly id: string;
  readonly fault: string;
  readonly on: string;
  readonly requestedAt: number;
  readonly bitingAt: number | null;
  readonly healingAt: number | null;
  readonly healedAt: number | null;
  readonly state: "confirmed" | "did not bite" | "did not heal" | "not confirmed";
  readonly biteEvidence: string;
  readonly healEvidence: string;
  readonly working: readonly string[];
}

/** A counterexample on the timeline. */
export interface Mark {
  readonly time: number;
  readonly claim: string;
  readonly text: string;
}

/** Whether an instance answered as ready, as stretches of time. */
export interface InstanceLane {
  readonly instance: string;
  readonly stretches: readonly { readonly from: number; readonly to: number; readonly state: "ready" | "not ready" | "unknown" }[];
}

/** How clients were served in one stretch of the experiment, by intended start. */
export interface ServiceWindow {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly operations: number;
  readonly served: number;
  readonly shed: number;
  readonly errors: number;
  /** null: no served operation. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

/** How clients fared in one injection, as `checkers/availability-figures.ts` defines it (ms). null: never seen, or nobody had to. */
export interface Recovery {
  readonly id: string;
  readonly on: string;
  readonly detectMs: number | null;
  readonly handOverMs: number | null;
  readonly firstSuccessMs: number | null;
  readonly steadyMs: number | null;
  /** Of the operations wanted from the request of the fault to the first steady second after it. */
  readonly operations: number;
  readonly failed: number;
}

/** Something that lasted, on a lane of a counterexample. */
interface EvidenceBar {
  readonly kind: "fault" | "attempt" | "section" | "operation";
  readonly from: number;
  /** null: no end was recorded. */
  readonly to: number | null;
  readonly label: string;
  /** Whether the counterexample names it. */
  readonly cited: boolean;
}

export interface EvidenceLane {
  readonly name: string;
  readonly bars: readonly EvidenceBar[];
}

export interface EvidenceEvent {
  /** 1, 2, 3, ... in time; the same on the lanes and in the list. */
  readonly number: number;
  readonly time: number;
  readonly lane: string;
  readonly text: string;
  readonly cited: boolean;
}

/** What an instance logged around a counterexample. */
export interface LogExcerpt {
  readonly instance: string;
  readonly lines: readonly { readonly time: number; readonly text: string }[];
  /** Lines of the same stretch that were left out. */
  readonly more: number;
}

/** One counterexample with the records that it rests on. */
export interface EvidenceCase {
  readonly claim: string;
  readonly property: string;
  /** Position among the counterexamples of its check. */
  readonly place: number;
  readonly time: number;
  readonly text: string;
  readonly subjects: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly EvidenceLane[];
  readonly events: readonly EvidenceEvent[];
  readonly leftOut: number;
  readonly logs: readonly LogExcerpt[];
}

/** What one experiment's record files say. */
export interface Recorded {
  readonly timeline: Timeline | null;
  readonly bands: readonly FaultBand[];
  readonly lanes: readonly InstanceLane[];
  readonly windows: readonly ServiceWindow[];
  /** Longest stretch between two served answers; null without two. */
  readonly longestGap: { readonly from: number; readonly to: number } | null;
  readonly recoveries: readonly Recovery[];
  readonly evidence: readonly EvidenceCase[];
  readonly harnessLagMaxMs: number | null;
  /** Completed operations. */
  readonly operations: number;
  /** Invocations without a completion. */
  readonly unanswered: number;
  /** What was missing or damaged, in sentences. */
  readonly notes: readonly string[];
}

export interface ExperimentReport extends Recorded {
  readonly verdict: ExperimentVerdict;
  readonly overall: Verdict;
  readonly marks: readonly Mark[];
}

/** A violated claim told in full: what, when, during which fault, which document says otherwise, how to repeat. */
export interface Finding {
  readonly claim: string;
  readonly statement: string;
  readonly document: string;
  readonly experiment: string;
  readonly summary: string;
  readonly time: number | null;
  /** "while pause of queue-2 was biting". */
  readonly during: string;
  readonly count: number;
  readonly repeat: string;
}

export interface Capacity {
  readonly experiment: string;
  readonly claim: string;
  /** Ratio: throughput against that many times the throughput of the smallest size. */
  readonly points: readonly { readonly instances: number; readonly perSecond: number; readonly ratio: number }[];
}

/** The law that a capacity run's points follow, or why there is none. */
export type FittedLaw =
  | {
      readonly curve: readonly { readonly instances: number; readonly value: number; readonly low: number; readonly high: number }[];
      readonly told: string;
    }
  | { readonly why: string };

/** What a capacity run left, cut to what is drawn. */
export interface CapacityRun
  extends Pick<
    CapacityReport,
    | "searched"
    | "sustainable"
    | "scaling"
    | "objectives"
    | "settings"
    | "maximumPerSecond"
    | "kneePerSecond"
    | "targetPerSecond"
    | "rates"
    | "against"
    | "underFaults"
  > {
  readonly law: FittedLaw | null;
  /** Searches beside the first, which is drawn. */
  readonly others: readonly Pick<Search, "title" | "sustainable" | "maximumPerSecond">[];
}

/** Over all experiments of the run: what a fault of a kind of victim met, of operations of one name. */
export interface FaultMet {
  /** "kill of queue". */
  readonly fault: string;
  readonly injections: number;
  /** By the operation's name: those wanted before, during and after such faults. */
  readonly operations: Readonly<Record<string, Readonly<Record<"before" | "during" | "after", OutcomeCounts>>>>;
}

export interface ReportModel {
  readonly suite: Omit<SuiteVerdict, "claims" | "experiments" | "sometimes">;
  readonly claims: SuiteVerdict["claims"];
  readonly findings: readonly Finding[];
  readonly capacity: readonly Capacity[];
  /** null: this was no capacity run. */
  readonly capacityRun: CapacityRun | null;
  readonly faultsMet: readonly FaultMet[];
  readonly sometimes: SuiteVerdict["sometimes"];
  readonly experiments: readonly ExperimentReport[];
  readonly notes: readonly string[];
}

/** In the order in which a reader needs them. */
export const verdictOrder: readonly Verdict[] = ["violated", "inconclusive", "holds", "out of reach", "not tried"];

/** The experiment's verdict on a claim, if it has one. */
export function claimIn(experiment: ExperimentVerdict, claim: string): ClaimVerdict | undefined {
  return experiment.claims.find((one) => one.claim === claim);
}
