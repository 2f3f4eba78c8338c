/** Verdicts in words and signs, the same in every output. */
import { saturatedShare } from "../checkers/saturation.ts";
import type { SuiteVerdict, Verdict } from "../core/verdict.ts";
import { verdictOrder } from "./model.ts";
import { listed, oneLine } from "./text.ts";

/** A sign for each verdict that can be told apart without colour. */
export const marks: Readonly<Record<Verdict, string>> = { holds: "✓", violated: "✗", inconclusive: "?", "out of reach": "⊘", "not tried": "·" };

type Claims = readonly { readonly verdict: Verdict }[];

/** How many claims have this verdict. */
export function countOf(claims: Claims, verdict: Verdict): number {
  return claims.filter((claim) => claim.verdict === verdict).length;
}

/** The suite's outcome in one sentence. */
export function headline(claims: SuiteVerdict["claims"]): string {
  const violated = claims.filter((claim) => claim.verdict === "violated").map((claim) => claim.id);
  const inconclusive = countOf(claims, "inconclusive");
  const holds = countOf(claims, "holds");
  const named = violated.length <= 4 ? ` (${listed(violated)})` : "";
  if (violated.length > 0) return violated.length === 1 ? `Claim ${violated[0]} is violated` : `${violated.length} claims are violated${named}`;
  if (inconclusive > 0 && holds > 0) return `No claim was violated, but ${inconclusive} could not be decided`;
  if (inconclusive > 0)
    return inconclusive === 1 ? "The only claim tried could not be decided" : `None of the ${inconclusive} claims tried could be decided`;
  if (holds > 0) return holds === 1 ? "The one claim that was tried holds" : `All ${holds} claims that were tried hold`;
  return "No claim was tried";
}

/** "1 violated, 2 inconclusive, 9 hold, 3 out of reach, 80 not tried". */
export function tally(claims: Claims): string {
  const parts = verdictOrder.map((verdict) => ({ verdict, n: countOf(claims, verdict) })).filter(({ n }) => n > 0);
  return parts.length === 0 ? "no claims" : parts.map(({ verdict, n }) => `${n} ${verdict === "holds" && n > 1 ? "hold" : verdict}`).join(", ");
}

/** Claims that no experiment of the run tried, by the reason, in the order of the claims. */
export function untriedBy(claims: SuiteVerdict["claims"], verdict: Verdict): readonly (readonly [why: string, ids: readonly string[]])[] {
  const of = claims.filter((claim) => claim.verdict === verdict);
  return [...Map.groupBy(of, ({ untried }) => oneLine(untried) || "no reason was recorded")].map(([why, all]) => [
    why,
    all.map(({ id }) => oneLine(id)),
  ]);
}

/** Which experiments ran on a machine without time left, in a sentence; "" for none. */
export function busyMachine(experiments: SuiteVerdict["experiments"]): string {
  const busy = experiments.filter(({ load }) => (load.processorsBusyPercent ?? 0) >= 100 * saturatedShare);
  if (busy.length === 0) return "";
  const ids = listed([...new Set(busy.map(({ experiment }) => oneLine(experiment)))]);
  return `In ${busy.length} of ${experiments.length} experiments the machine's processors had no time left, and what was missed there decides nothing. End what else the machine does and run again: ${ids}.`;
}

/** Which situations the run never met, in a sentence; "" when it met all. */
export function weakCoverage(sometimes: SuiteVerdict["sometimes"]): string {
  const never = sometimes.filter(({ count }) => count === 0).map(({ id }) => oneLine(id));
  return never.length === 0 ? "" : `Weak coverage: ${never.length} of ${sometimes.length} situations were never met in this run: ${listed(never)}.`;
}
