/** The verdicts as Markdown, for the summary of a CI step. */
import type { ClaimVerdict, SuiteVerdict, Verdict } from "../core/verdict.ts";
import { verdictOrder } from "./model.ts";
import { duration, listed, moment, shorten } from "./text.ts";
import { busyMachine, headline, marks, tally, untriedBy, weakCoverage } from "./words.ts";

/** CI systems refuse a step summary above 1 MiB; all lists below are capped far under it. */
const rowsAtMost = 300;
const findingsAtMost = 20;

/** GitHub-flavoured Markdown below 1 MiB. */
export function renderMarkdown(suite: SuiteVerdict): string {
  const tried = suite.claims.filter((claim) => claim.verdict !== "not tried" && claim.verdict !== "out of reach");
  const rows = tried.toSorted((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict)).slice(0, rowsAtMost);
  const parts = [
    `## ${escapeMarkdown(headline(suite.claims), 300)}`,
    suite.defect
      ? `> **Planted defect: ${escapeMarkdown(suite.defect, 100)}.** ${escapeMarkdown(suite.defectWhat, 500)} A violated claim below shows that the suite sees it.`
      : "",
    `${tally(suite.claims)}. ${escapeMarkdown(suite.target, 100)}, ${escapeMarkdown(suite.driver, 60)} driver, seed ${suite.seed}, ${duration(suite.durationMs)}, commit ${code(suite.commit.slice(0, 12))}.`,
    ...findings(suite),
    rows.length > 0 ? `| Verdict | Claim | Summary | Tried by |\n|---|---|---|---|\n${rows.map(row).join("\n")}` : "No claim was tried.",
    tried.length > rows.length ? `${tried.length - rows.length} more claims are in verdict.json.` : "",
    rest(suite, "out of reach"),
    rest(suite, "not tried"),
    escapeMarkdown(busyMachine(suite.experiments), 2000),
    escapeMarkdown(weakCoverage(suite.sometimes), 2000),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function row(claim: SuiteVerdict["claims"][number]): string {
  const experiments = claim.decidedBy.slice(0, 12).map((id) => escapeMarkdown(id, 80));
  const statement = escapeMarkdown(claim.statement, 300);
  return `| ${marks[claim.verdict]} ${claim.verdict} | **${escapeMarkdown(claim.id, 40)}** ${statement} | ${escapeMarkdown(claim.summary, 500)} | ${experiments.join(", ")} |`;
}

function findings(suite: SuiteVerdict): string[] {
  const statements = new Map(suite.claims.map((claim) => [claim.id, claim]));
  const all = suite.experiments.flatMap((experiment) =>
    experiment.claims.filter((claim) => claim.verdict === "violated").map((claim) => ({ experiment, claim })),
  );
  const shown = all.slice(0, findingsAtMost).map(({ experiment, claim }) => {
    const about = statements.get(claim.claim);
    const says = about ? `\n\n> ${escapeMarkdown(about.statement, 500)} (${escapeMarkdown(about.document, 200)})` : "";
    const examples = evidence(claim).map((text) => `- ${text}`);
    return `### ${marks.violated} ${escapeMarkdown(claim.claim, 40)} violated in ${escapeMarkdown(experiment.experiment, 100)}${says}\n\n${examples.join("\n")}\n\nRepeat: ${code(experiment.repeat)}`;
  });
  return all.length > shown.length ? [...shown, `${all.length - shown.length} more violations are in verdict.json.`] : shown;
}

function evidence(claim: ClaimVerdict): string[] {
  const found = claim.checks.filter((check) => check.verdict === "violated").flatMap((check) => check.counterexamples);
  const lines = found.slice(0, 6).map((one) => `at ${moment(one.time)}: ${escapeMarkdown(one.text, 600)}`);
  return lines.length > 0 ? lines : [escapeMarkdown(claim.summary, 600)];
}

/** A line for each reason why claims were not tried. */
function rest(suite: SuiteVerdict, verdict: Verdict): string {
  const lines = untriedBy(suite.claims, verdict).map(([why, ids]) => {
    const shown = ids.slice(0, rowsAtMost).map((id) => escapeMarkdown(id, 40));
    const reason = why === verdict ? "" : ` (${escapeMarkdown(why, 60)})`;
    return `${marks[verdict]} ${verdict}${reason}: ${listed(shown)}${ids.length > shown.length ? " and more" : ""}.`;
  });
  return lines.slice(0, findingsAtMost).join("\n\n");
}

/** On one line, with every character that Markdown or HTML could act on made inert; `@name` does not notify anybody. */
function escapeMarkdown(text: string, limit: number): string {
  return shorten(text, limit)
    .replace(/[\\`*_[\]|~$]/g, (character) => `\\${character}`)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/@(?=\w)/g, "@\u200b")
    .replace(/:\/\//g, ":\u200b//");
}

function code(text: string): string {
  const inside = shorten(text, 500);
  const fence = "`".repeat(1 + Math.max(0, ...Array.from(inside.matchAll(/`+/g), (run) => run[0].length)));
  return `${fence} ${inside || "unknown"} ${fence}`;
}
