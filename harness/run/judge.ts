/** From the saved record of an experiment to its verdict: the target's properties, and apart from them what the experiment itself had to fulfil. */

import { messageOf } from "../base/errors.ts";
import { carriedOut, defectInEffect } from "../checkers/carried-out.ts";
import { coverageOf } from "../checkers/coverage.ts";
import { enough } from "../checkers/enough.ts";
import { faultsBit } from "../checkers/faults-bit.ts";
import { historyValid } from "../checkers/history-valid.ts";
import { at } from "../checkers/judge.ts";
import { loadEndsAt } from "../checkers/load-rate.ts";
import { busyShare } from "../checkers/saturation.ts";
import { scheduleKept } from "../checkers/schedule-kept.ts";
import { steadyAfter, steadyBefore } from "../checkers/steady-state.ts";
import type { Experiment } from "../core/experiment.ts";
import type { Target } from "../core/target.ts";
import {
  abridged,
  type Check,
  type Checker,
  type ClaimVerdict,
  type CoverageRow,
  combine,
  type Evidence,
  type ExperimentVerdict,
  type OutcomeCounts,
} from "../core/verdict.ts";
import type { NamedSituation } from "./catalogue.ts";
import { readExperiment } from "./evidence.ts";
import { situationsIn } from "./situations.ts";

export interface JudgeOptions {
  readonly experiment: Experiment;
  readonly target: Target;
  readonly directory: string;
  readonly defect: string;
  readonly repeat: string;
  /** What to look for beside the claims. */
  readonly situations: readonly NamedSituation[];
}

/**
 * Judges what was saved. A checker that throws makes its claim inconclusive, with the error; an assumption that does not hold makes every
 * claim that held inconclusive, and takes no counterexample back.
 */
export async function judge(options: JudgeOptions): Promise<ExperimentVerdict> {
  const { experiment, target } = options;
  const saved = await readExperiment(options.directory, target);
  const { evidence, ofLoad, record, load } = saved;
  const assumptions = [
    run(carriedOut(record.problem ?? withoutEnd(evidence)), ofLoad),
    ...(options.defect === "" ? [] : [run(defectInEffect(record.unreadEdits ?? []), ofLoad)]),
    run(historyValid({ problems: saved.problems, generator: load && { ...load, stoppedAt: record.loadEndsAt ?? evidence.endsAt } }), ofLoad),
    ...(load ? [run(scheduleKept({ dropped: load.droppedIterations }), ofLoad)] : []),
    run(faultsBit({ scheduled: record.schedule.length }), ofLoad),
    run(enough({ operations: experiment.coverage.operations, perFault: experiment.coverage.operationsPerFault }), ofLoad),
    ...(experiment.coverage.steady ? [run(steadyBefore, ofLoad), run(steadyAfter, ofLoad)] : []),
  ];
  const doubtful = assumptions.filter((check) => check.verdict !== "holds");
  const claims = Object.entries(experiment.claims).map(([claim, checkers]): ClaimVerdict => {
    const disclaimed = target.disclaims[claim];
    if (disclaimed !== undefined) return { claim, verdict: "out of reach", summary: `${target.title} does not claim it: ${disclaimed}`, checks: [] };
    const checks = checkers.map((checker) => run(checker, evidence));
    const verdict = combine(checks.map((check) => check.verdict));
    const worst = checks.find((check) => check.verdict === verdict);
    if (verdict === "holds" && doubtful[0])
      return { claim, verdict: "inconclusive", summary: `${doubtful[0].property}: ${doubtful[0].summary}`, checks };
    const summary = verdict === "holds" ? checks.map((check) => check.summary).join(" ") : (worst?.summary ?? "nothing was checked");
    return { claim, verdict, summary, checks };
  });
  return {
    experiment: experiment.id,
    title: experiment.title,
    seed: record.seed,
    startedAt: record.startedAt,
    durationMs: Math.max(0, evidence.endsAt),
    repeat: options.repeat,
    defect: options.defect,
    claims,
    assumptions,
    coverage: coverage(experiment, evidence, ofLoad),
    sometimes: situationsIn(options.situations, evidence),
    load: {
      ...load,
      startsPerSecond: record.startsPerSecond,
      deltaMs: evidence.deltaMs,
      lagMs: evidence.lagMs,
      ...scheduleLag(ofLoad),
      ...processorsBusy(ofLoad),
    },
    failure: "",
  };
}

function withoutEnd({ endsAt }: Evidence): string {
  return Number.isFinite(endsAt)
    ? `The record has no end, because the harness was killed or gave up; it is judged up to ${at(endsAt)}, the earliest last beat of its recorders.`
    : "The record has no end, and not every recorder wrote a beat, so there is no time up to which it could be judged.";
}

/** The verdict of an experiment that could not be carried out: it says nothing of any claim. `verdict` is inconclusive unless it is known beforehand that it cannot be. */
export function couldNot(
  experiment: Experiment,
  options: { readonly seed: number; readonly startedAt: string; readonly defect: string; readonly repeat: string; readonly why: string },
  verdict: "inconclusive" | "out of reach" = "inconclusive",
): ExperimentVerdict {
  return {
    experiment: experiment.id,
    title: experiment.title,
    seed: options.seed,
    startedAt: options.startedAt,
    durationMs: 0,
    repeat: options.repeat,
    defect: options.defect,
    claims: Object.keys(experiment.claims).map((claim) => ({ claim, verdict, summary: options.why, checks: [] })),
    assumptions: [],
    coverage: [],
    sometimes: [],
    load: {},
    failure: options.why,
  };
}

/** What the assumption about the load needs, and beside it what other clients did, of whom nothing is needed. Rows in which nothing happened are left out. */
function coverage(experiment: Experiment, evidence: Evidence, ofLoad: Evidence): readonly CoverageRow[] {
  const loads = new Set(ofLoad.operations);
  const others = evidence.operations.filter((operation) => !loads.has(operation));
  const rows = [
    ...coverageOf(ofLoad.operations, evidence.faults, experiment.coverage.operationsPerFault > 0),
    ...coverageOf(others, evidence.faults, false),
  ];
  const any = ({ ok, fail, info }: OutcomeCounts): boolean => ok + fail + info > 0;
  return rows.filter((row) => row.least > 0 || any(row.before) || any(row.during) || any(row.after));
}

function run(checker: Checker, evidence: Evidence): Check {
  try {
    return abridged(checker(evidence));
  } catch (error) {
    const summary = `The checker itself failed: ${messageOf(error)}`;
    return { property: checker.name || "checker", verdict: "inconclusive", summary, examined: 0, count: 0, counterexamples: [], numbers: {} };
  }
}

/** How busy the machine was while the load ran, with this run or with others; nothing where nobody looked. */
function processorsBusy({ samples, operations }: Evidence): Record<string, number> {
  const from = operations.reduce((first, { invokedAt }) => Math.min(first, invokedAt), Number.POSITIVE_INFINITY);
  const share = busyShare(samples, from, loadEndsAt(operations));
  return Number.isNaN(share) ? {} : { processorsBusyPercent: 100 * share };
}

/** How late the generator was: the invocation against the intended start, for operations that have one. */
function scheduleLag(evidence: Evidence): Record<string, number> {
  const lags = evidence.operations.map((operation) => operation.invokedAt - operation.intendedAt).sort((a, b) => a - b);
  return { scheduleLagP99Ms: lags[Math.floor(lags.length * 0.99)] ?? 0, scheduleLagMaxMs: lags[lags.length - 1] ?? 0 };
}
