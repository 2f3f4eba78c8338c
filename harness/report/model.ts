/** What the report draws: small, whatever the size of the run. Times are ms since the experiment began. */
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

/** What one experiment's record files say. */
export interface Recorded {
  readonly timeline: Timeline | null;
  readonly bands: readonly FaultBand[];
  readonly lanes: readonly InstanceLane[];
  readonly windows: readonly ServiceWindow[];
  /** Longest stretch between two served answers; null without two. */
  readonly longestGap: { readonly from: number; readonly to: number } | null;
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

/** Over all experiments of the run: what a fault of a kind of victim met, of operations of one name. */
export interface FaultMet {
  /** "kill of queue". */
  readonly fault: string;
  readonly injections: number;
  /** By the operation's name: those wanted during such faults. */
  readonly operations: Readonly<Record<string, OutcomeCounts>>;
}

export interface ReportModel {
  readonly suite: Omit<SuiteVerdict, "claims" | "experiments" | "sometimes">;
  readonly claims: SuiteVerdict["claims"];
  readonly findings: readonly Finding[];
  readonly capacity: readonly Capacity[];
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
