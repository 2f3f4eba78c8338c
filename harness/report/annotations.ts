/** The worst of a run as annotations of a GitHub workflow. Pure. */
import type { SuiteVerdict } from "../core/verdict.ts";
import { shorten } from "./text.ts";
import { countOf } from "./words.ts";

/** GitHub shows ten of each level for a step and hides the rest without a word. */
const most = 10;

/**
 * Workflow commands, one a line, at most ten: an error for each violated claim, then a warning for each that is inconclusive; where there are more, the last says so.
 * Nothing in a claim's text can begin a command of its own.
 */
export function annotations(suite: SuiteVerdict): readonly string[] {
  const of = (verdict: "violated" | "inconclusive"): readonly string[] =>
    suite.claims
      .filter((claim) => claim.verdict === verdict)
      .map(({ id, statement, summary, decidedBy }) => {
        const level = verdict === "violated" ? "error" : "warning";
        const repeat = suite.experiments.find(({ experiment }) => decidedBy.includes(experiment))?.repeat ?? "";
        const text = `${shorten(summary, 600)}${repeat === "" ? "" : ` Repeat: ${shorten(repeat, 300)}`}`;
        return `::${level} title=${property(`${verdict} ${id}: ${shorten(statement, 120)}`)}::${data(text)}`;
      });
  const all = [...of("violated"), ...of("inconclusive")];
  if (all.length <= most) return all;
  const shown = all.slice(0, most - 1);
  const violated = countOf(suite.claims, "violated");
  const level = violated > shown.length ? "error" : "warning";
  return [...shown, `::${level} title=runproof::${all.length - shown.length} more claims are violated or inconclusive; the step's summary has them.`];
}

/** As GitHub's own toolkit escapes a message and a property of a command. */
function data(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function property(text: string): string {
  return data(shorten(text, 200)).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
