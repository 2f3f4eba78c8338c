/** verdict.json of a run directory -> a SuiteVerdict whose every field has its type, so that what draws it needs no doubts. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Check, ClaimVerdict, Counterexample, ExperimentVerdict, OutcomeCounts, SuiteVerdict, Verdict } from "../core/verdict.ts";

const sizeAtMost = 256 * 1024 * 1024;

/** @throws Error with one sentence: verdict.json is missing, unreadable, or not a suite's verdict of version 1. */
export async function readSuite(directory: string): Promise<SuiteVerdict> {
  const path = join(directory, "verdict.json");
  let parsed: unknown;
  try {
    const { size } = await stat(path);
    if (size > sizeAtMost) throw new Error(`it has ${size} bytes, at most ${sizeAtMost} are read`);
    parsed = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const why = missing ? "found no such file" : `could not read it (${(error as Error).message.split("\n")[0]})`;
    throw new Error(
      `Expected the verdict of a run in ${path} and ${why}; name a directory below reports/, or judge the run again with "runproof check".`,
    );
  }
  const suite = record(parsed);
  if (suite.version !== 1 || !Array.isArray(suite.claims) || !Array.isArray(suite.experiments)) {
    throw new Error(
      `Expected a suite's verdict of version 1 with claims and experiments in ${path} and found something else; name the run's directory, not an experiment's.`,
    );
  }
  return {
    version: 1,
    tool: text(suite.tool),
    seed: count(suite.seed),
    startedAt: text(suite.startedAt),
    durationMs: count(suite.durationMs),
    commit: text(suite.commit),
    target: text(suite.target),
    driver: text(suite.driver),
    defect: text(suite.defect),
    defectWhat: text(suite.defectWhat),
    environment: Object.fromEntries(
      Object.entries(record(suite.environment)).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
    ),
    exit: count(suite.exit),
    claims: list(suite.claims).map((claim) => ({
      id: text(claim.id),
      statement: text(claim.statement),
      document: text(claim.document),
      documented: text(claim.documented),
      corrected: text(claim.corrected),
      verdict: verdictOf(claim.verdict),
      summary: text(claim.summary),
      untried: text(claim.untried),
      decidedBy: texts(claim.decidedBy),
    })),
    sometimes: list(suite.sometimes).map((one) => ({
      id: text(one.id),
      what: text(one.what),
      count: count(one.count),
      seenIn: texts(one.seenIn),
    })),
    experiments: list(suite.experiments).map(experimentOf),
  };
}

function experimentOf(from: Record<string, unknown>): ExperimentVerdict {
  return {
    experiment: text(from.experiment),
    title: text(from.title),
    seed: count(from.seed),
    startedAt: text(from.startedAt),
    durationMs: count(from.durationMs),
    repeat: text(from.repeat),
    defect: text(from.defect),
    claims: list(from.claims).map(
      (claim): ClaimVerdict => ({
        claim: text(claim.claim),
        verdict: verdictOf(claim.verdict),
        summary: text(claim.summary),
        checks: list(claim.checks).map(checkOf),
      }),
    ),
    assumptions: list(from.assumptions).map(checkOf),
    coverage: list(from.coverage).map((row) => ({
      ...{ injection: text(row.injection), fault: text(row.fault), on: text(row.on), operation: text(row.operation) },
      ...{ before: outcomes(row.before), during: outcomes(row.during), after: outcomes(row.after), least: count(row.least) },
    })),
    sometimes: list(from.sometimes).map((one) => {
      const first = record(one.first);
      return {
        ...{ id: text(one.id), what: text(one.what), count: count(one.count) },
        first: typeof first.text === "string" ? { time: count(first.time), text: first.text } : null,
      };
    }),
    load: figures(from.load),
    failure: text(from.failure),
  };
}

function outcomes(from: unknown): OutcomeCounts {
  const { ok, fail, info } = record(from);
  return { ok: count(ok), fail: count(fail), info: count(info) };
}

function checkOf(from: Record<string, unknown>): Check {
  return {
    property: text(from.property),
    verdict: verdictOf(from.verdict),
    summary: text(from.summary),
    examined: count(from.examined),
    count: count(from.count),
    counterexamples: list(from.counterexamples).map((one): Counterexample => ({ time: count(one.time), text: text(one.text) })),
    numbers: figures(from.numbers),
  };
}

const verdicts: readonly string[] = ["holds", "violated", "inconclusive", "out of reach", "not tried"] satisfies readonly Verdict[];

/** A word nobody knows is never success. */
function verdictOf(value: unknown): Verdict {
  return typeof value === "string" && verdicts.includes(value) ? (value as Verdict) : "inconclusive";
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function count(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** JSON writes NaN and Infinity as null: those figures are unknown and left out. */
function figures(value: unknown): Record<string, number> {
  return Object.fromEntries(Object.entries(record(value)).filter((entry): entry is [string, number] => typeof entry[1] === "number"));
}
