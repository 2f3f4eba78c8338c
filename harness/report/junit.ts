/** The verdicts as JUnit XML for CI: a suite an experiment, a case a claim. Violated is a failure, inconclusive an error, not tried and out of reach are skipped (SEMANTICS). */
import type { Check, ClaimVerdict, ExperimentVerdict, SuiteVerdict, Verdict } from "../core/verdict.ts";
import { clip, oneLine } from "./text.ts";

interface Case {
  readonly name: string;
  readonly verdict: Verdict;
  readonly message: string;
  readonly evidence: string;
}

/** Valid XML 1.0 whatever the strings contain. */
export function renderJunit(suite: SuiteVerdict): string {
  const statements = new Map(suite.claims.map((claim) => [claim.id, claim.statement]));
  const suites = suite.experiments.map((experiment) =>
    testsuite(experiment.experiment, casesOf(experiment, statements), experiment.durationMs, experiment.startedAt),
  );
  const tried = new Set(suite.experiments.flatMap((experiment) => experiment.claims.map((claim) => claim.claim)));
  const rest = suite.claims.filter((claim) => !tried.has(claim.id));
  if (rest.length > 0) {
    const cases = rest.map(
      ({ id, statement, verdict, summary }): Case => ({ name: named(id, statement), verdict, message: summary, evidence: summary }),
    );
    suites.push(testsuite("claims without an experiment in this run", cases, 0, suite.startedAt));
  }
  const name = attribute(`runproof${suite.defect ? ` (planted defect: ${suite.defect})` : ""}`, 200);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${name}" time="${seconds(suite.durationMs)}">\n${suites.join("")}</testsuites>\n`;
}

function casesOf(experiment: ExperimentVerdict, statements: ReadonlyMap<string, string>): Case[] {
  const context = `${experiment.failure ? `The experiment could not be carried out: ${experiment.failure}\n` : ""}Repeat: ${experiment.repeat}`;
  const cases = experiment.claims.map((claim): Case => {
    const evidence = `${evidenceOf(claim.checks)}\n${context}`;
    return { name: named(claim.claim, statements.get(claim.claim) ?? ""), verdict: claim.verdict, message: claim.summary, evidence };
  });
  const carriedOut: Case = {
    name: "the experiment is carried out and its assumptions hold",
    verdict: experiment.failure ? "inconclusive" : assumptionsOf(experiment.assumptions),
    message: experiment.failure || (experiment.assumptions.find((check) => check.verdict !== "holds")?.summary ?? ""),
    evidence: `${evidenceOf(experiment.assumptions)}\n${context}`,
  };
  return [...cases, carriedOut];
}

/** An assumption that failed says nothing against the target: an error, never a failure. */
function assumptionsOf(checks: readonly Check[]): Verdict {
  return checks.every((check) => check.verdict === "holds" || check.verdict === "not tried" || check.verdict === "out of reach")
    ? "holds"
    : "inconclusive";
}

function evidenceOf(checks: ClaimVerdict["checks"]): string {
  return checks
    .map((check) => {
      const found = check.counterexamples.map((one) => `\n    at ${(one.time / 1000).toFixed(3)} s: ${clip(one.text, 2000)}`).join("");
      return `${check.verdict}: ${check.property}: ${clip(check.summary, 2000)} (examined ${check.examined}, counterexamples ${check.count})${found}`;
    })
    .join("\n");
}

function testsuite(name: string, cases: readonly Case[], durationMs: number, startedAt: string): string {
  const failures = cases.filter((one) => one.verdict === "violated").length;
  const errors = cases.filter((one) => one.verdict === "inconclusive").length;
  const skipped = cases.filter((one) => one.verdict === "not tried" || one.verdict === "out of reach").length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
  const when = Number.isNaN(Date.parse(startedAt)) ? "" : ` timestamp="${new Date(startedAt).toISOString()}"`;
  const body = cases.map((one) => testcase(name, one)).join("");
  return `  <testsuite name="${attribute(name, 200)}" ${counts} time="${seconds(durationMs)}"${when}>\n${body}  </testsuite>\n`;
}

function testcase(suite: string, { name, verdict, message, evidence }: Case): string {
  const open = `    <testcase classname="${attribute(suite, 200)}" name="${attribute(name, 400)}"`;
  const says = `message="${attribute(message, 1000)}"`;
  if (verdict === "violated") return `${open}>\n      <failure type="violated" ${says}>${content(evidence)}</failure>\n    </testcase>\n`;
  if (verdict === "inconclusive") return `${open}>\n      <error type="inconclusive" ${says}>${content(evidence)}</error>\n    </testcase>\n`;
  if (verdict !== "holds") return `${open}>\n      <skipped message="${attribute(`${verdict}: ${message}`, 1000)}"/>\n    </testcase>\n`;
  return `${open}/>\n`;
}

function named(id: string, statement: string): string {
  return statement ? `${id} ${statement}` : id;
}

function seconds(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(3);
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function attribute(text: string, limit: number): string {
  return escapeXml(oneLine(clip(text, limit)));
}

function content(text: string): string {
  return escapeXml(clip(text, 20_000));
}
