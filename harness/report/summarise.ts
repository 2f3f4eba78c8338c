/** A suite's verdict and what its record files said -> the model that is drawn. Pure; caps every text and list so that the page stays small whatever the run's size. */
import type { Check, ClaimVerdict, CoverageRow, ExperimentVerdict, SuiteVerdict } from "../core/verdict.ts";
import { combine } from "../core/verdict.ts";
import { faultsMet, tooEmpty } from "./coverage.ts";
import { capacityOf, findingsOf } from "./findings.ts";
import { type CapacityRun, type ExperimentReport, type Mark, type Recorded, type ReportModel, verdictOrder } from "./model.ts";
import { clip, grouped } from "./text.ts";

/** Characters of a text, entries of a list, experiments told in full. */
interface Limits {
  readonly text: number;
  readonly list: number;
  readonly experiments: number;
}

const generous: Limits = { text: 2000, list: 60, experiments: 400 };

// Tried in turn until the model is small enough; the last bounds it absolutely.
const tighter: readonly Limits[] = [
  { text: 500, list: 30, experiments: 200 },
  { text: 240, list: 12, experiments: 80 },
  { text: 160, list: 6, experiments: 20 },
  { text: 80, list: 3, experiments: 8 },
];

/** The page adds about half as much again in markup, and must stay below 5 MB. */
export const modelBytesAtMost = 1_800_000;

/** In excess of its text. */
const markupOfEvidence = 3;

/** How many buckets each timeline may have when `experiments` share the page. */
export function bucketsFor(experiments: number): number {
  return Math.max(40, Math.min(600, Math.floor(12_000 / Math.max(1, experiments))));
}

/** @param recorded what the record files of the experiments said, by experiment id */
export function summarise(
  suite: SuiteVerdict,
  recorded: ReadonlyMap<string, Recorded>,
  notes: readonly string[] = [],
  capacityRun: CapacityRun | null = null,
): ReportModel {
  let model = summariseWithin(suite, recorded, notes, capacityRun, generous);
  for (const limits of tighter) {
    if (weightOf(model) <= modelBytesAtMost) break;
    model = summariseWithin(
      suite,
      recorded,
      [...notes, "The run is too large for one page: long texts and lists are cut short. verdict.json has them in full."],
      capacityRun,
      limits,
    );
  }
  return model;
}

/** Each record of a counterexample takes several times its text in markup. */
function weightOf(model: ReportModel): number {
  return JSON.stringify(model).length + markupOfEvidence * JSON.stringify(model.experiments.map(({ evidence }) => evidence)).length;
}

function summariseWithin(
  suite: SuiteVerdict,
  recorded: ReadonlyMap<string, Recorded>,
  notes: readonly string[],
  capacityRun: CapacityRun | null,
  limits: Limits,
): ReportModel {
  const { claims: allClaims, experiments: all, sometimes, ...about } = suite;
  // Violated and inconclusive experiments are the last to be left out.
  const byNeed = all.toSorted((a, b) => Number(quiet(a)) - Number(quiet(b))).slice(0, limits.experiments);
  const kept = new Set(byNeed);
  const experiments = all.filter((one) => kept.has(one)).map((one) => experimentReport(one, recorded.get(one.experiment), limits));
  const told = new Set(allClaims.toSorted((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict)).slice(0, limits.list * 20));
  const claims = allClaims
    .filter((claim) => told.has(claim))
    .map((claim) => ({
      ...claim,
      id: clip(claim.id, 60),
      statement: clip(claim.statement, limits.text),
      document: clip(claim.document, 200),
      documented: clip(claim.documented, limits.text),
      corrected: clip(claim.corrected, limits.text),
      untried: clip(claim.untried, 60),
      summary: clip(claim.summary, limits.text),
      decidedBy: claim.decidedBy.slice(0, limits.list).map((id) => clip(id, 100)),
    }));
  return {
    suite: {
      ...about,
      tool: clip(about.tool, 100),
      startedAt: clip(about.startedAt, 60),
      commit: clip(about.commit, 80),
      target: clip(about.target, 200),
      driver: clip(about.driver, 60),
      defect: clip(about.defect, 100),
      defectWhat: clip(about.defectWhat, limits.text),
      environment: Object.fromEntries(entries(about.environment, limits.list).map(([name, value]) => [clip(name, 80), clip(value, 300)])),
    },
    claims,
    findings: findingsOf(claims, experiments).slice(0, limits.list),
    capacity: capacityOf(experiments),
    capacityRun,
    faultsMet: faultsMet(all).slice(0, limits.list * 4),
    sometimes: sometimes.slice(0, limits.list * 2).map(({ id, what, count, seenIn }) => ({
      ...{ id: clip(id, 100), what: clip(what, 200), count },
      seenIn: seenIn.slice(0, limits.list).map((experiment) => clip(experiment, 100)),
    })),
    experiments,
    notes: [
      ...notes.slice(0, limits.list).map((note) => clip(note, 400)),
      ...(all.length > experiments.length
        ? [`${grouped(all.length - experiments.length)} more experiments are in verdict.json and not on this page.`]
        : []),
      ...(allClaims.length > claims.length
        ? [`${grouped(allClaims.length - claims.length)} more claims are in verdict.json and not on this page.`]
        : []),
    ],
  };
}

function quiet(experiment: ExperimentVerdict): boolean {
  return experiment.failure === "" && experiment.claims.every((claim) => claim.verdict !== "violated" && claim.verdict !== "inconclusive");
}

const nothingRecorded: Recorded = {
  timeline: null,
  bands: [],
  lanes: [],
  windows: [],
  longestGap: null,
  recoveries: [],
  evidence: [],
  harnessLagMaxMs: null,
  operations: 0,
  unanswered: 0,
  notes: ["No record files of this experiment were found, so there is no timeline."],
};

function experimentReport(experiment: ExperimentVerdict, recorded: Recorded = nothingRecorded, limits: Limits): ExperimentReport {
  const verdict: ExperimentVerdict = {
    experiment: clip(experiment.experiment, 100),
    title: clip(experiment.title, 300),
    seed: experiment.seed,
    startedAt: clip(experiment.startedAt, 60),
    durationMs: experiment.durationMs,
    repeat: clip(experiment.repeat, 500),
    defect: clip(experiment.defect, 100),
    claims: experiment.claims.slice(0, limits.list).map((claim) => cutClaim(claim, limits)),
    assumptions: experiment.assumptions.slice(0, limits.list).map((check) => cutCheck(check, limits)),
    coverage: neededMost(experiment.coverage, limits.list * 4).map((row) => ({
      ...row,
      ...{ injection: clip(row.injection, 80), fault: clip(row.fault, 80), on: clip(row.on, 80), operation: clip(row.operation, 80) },
    })),
    sometimes: experiment.sometimes.slice(0, limits.list).map(({ id, what, count, first }) => ({
      ...{ id: clip(id, 100), what: clip(what, 200), count },
      first: first && { time: first.time, text: clip(first.text, limits.text) },
    })),
    load: Object.fromEntries(entries(experiment.load, limits.list).map(([name, value]) => [clip(name, 80), value])),
    failure: clip(experiment.failure, limits.text),
  };
  return {
    ...recorded,
    bands: recorded.bands.slice(0, limits.list * 2),
    lanes: limits.list < 30 ? [] : recorded.lanes,
    evidence: recorded.evidence.slice(0, Math.ceil(limits.list / 10)).map((one) => (limits.list < 30 ? { ...one, logs: [] } : one)),
    notes: [
      ...recorded.notes.slice(0, limits.list),
      ...(recorded.bands.length > limits.list * 2
        ? [`${grouped(recorded.bands.length - limits.list * 2)} more injections are in faults.jsonl.`]
        : []),
      ...(experiment.coverage.length > verdict.coverage.length
        ? [`${grouped(experiment.coverage.length - verdict.coverage.length)} more rows of coverage are in verdict.json.`]
        : []),
    ],
    verdict,
    overall:
      verdict.failure !== ""
        ? combine(["inconclusive", ...verdict.claims.map((claim) => claim.verdict)])
        : combine(verdict.claims.map((claim) => claim.verdict)),
    marks: marksOf(verdict).slice(0, limits.list * 3),
  };
}

/** At most so many rows in their order; those that leave claims open are the last to be left out. */
function neededMost(rows: readonly CoverageRow[], most: number): readonly CoverageRow[] {
  const kept = new Set(rows.toSorted((a, b) => Number(tooEmpty(b)) - Number(tooEmpty(a))).slice(0, most));
  return rows.filter((row) => kept.has(row));
}

function cutClaim(claim: ClaimVerdict, limits: Limits): ClaimVerdict {
  return {
    claim: clip(claim.claim, 60),
    verdict: claim.verdict,
    summary: clip(claim.summary, limits.text),
    checks: claim.checks.slice(0, limits.list).map((check) => cutCheck(check, limits)),
  };
}

function cutCheck(check: Check, limits: Limits): Check {
  return {
    ...check,
    property: clip(check.property, 200),
    summary: clip(check.summary, limits.text),
    counterexamples: check.counterexamples.slice(0, 3).map(({ time, text }) => ({ time, text: clip(text, limits.text) })),
    numbers: Object.fromEntries(entries(check.numbers, limits.list).map(([name, value]) => [clip(name, 80), value])),
  };
}

function marksOf(experiment: ExperimentVerdict): Mark[] {
  return experiment.claims.flatMap((claim) =>
    claim.checks
      .filter((check) => check.verdict === "violated")
      .flatMap((check) => check.counterexamples.map(({ time, text }) => ({ time, claim: claim.claim, text: clip(text, 240) }))),
  );
}

function entries<T>(of: Readonly<Record<string, T>>, most: number): [string, T][] {
  return Object.entries(of).slice(0, most);
}
