/** The first screen: the outcome in words, what was found, and the claims by document. */
import { untriedKinds } from "../../core/experiment.ts";
import type { SuiteVerdict, Verdict } from "../../core/verdict.ts";
import type { Finding, ReportModel } from "../model.ts";
import { claimIn, verdictOrder } from "../model.ts";
import { grouped, moment, shorten } from "../text.ts";
import { countOf, headline } from "../words.ts";
import { glance } from "./glance.ts";
import type { Markup } from "./markup.ts";
import { anchor, html } from "./markup.ts";
import { badge, command, icon, jump, kind, notice, plural, readings } from "./parts.ts";

const undecidedAtMost = 6;
const reasons: readonly string[] = untriedKinds;

/** Outcome, planted defect, findings, and what stayed open. */
export function outcome(model: ReportModel): Markup {
  const worst = verdictOrder.find((verdict) => countOf(model.claims, verdict) > 0) ?? "not tried";
  const shown = model.findings.slice(0, 3);
  const more = model.findings.slice(3);
  return html`<section id="_overview" class="outcome ${kind(worst)}">
<h1>${icon(worst)}<span>${headline(model.claims)}</span></h1>
${lead(model)}
${glance(model)}
${defect(model)}
${notice("About this run", model.notes)}
${shown.map(finding)}
${more.length > 0 && html`<details><summary>${plural(more.length, "more finding")}</summary>${more.map(finding)}</details>`}
${undecided(model)}
</section>`;
}

function lead(model: ReportModel): Markup {
  if (model.experiments.length === 0 && model.capacityRun)
    return html`<p class="lead">What target <b>${model.suite.target || "unknown"}</b> carries within its objectives.</p>`;
  const experiments = plural(model.experiments.length, "experiment");
  const tried = model.claims.filter((claim) => claim.verdict !== "not tried" && claim.verdict !== "out of reach");
  return html`<p class="lead">${experiments} on target <b>${model.suite.target || "unknown"}</b> tried ${plural(tried.length, "claim")} of ${plural(new Set(tried.map((claim) => claim.document)).size, "document")} under load and faults.</p>`;
}

function defect({ suite, claims }: ReportModel): Markup | null {
  if (suite.defect === "") return null;
  const caught = countOf(claims, "violated") > 0;
  return html`<aside class="defect"><h2>Planted defect: <code>${suite.defect}</code></h2><p>${suite.defectWhat}</p>
<p class="quiet">The target was broken on purpose to see whether the suite notices. ${caught ? "A violated claim is the expected result." : "No claim was violated: the defect was not noticed."}</p></aside>`;
}

/** Why something could not be decided: the next thing to mend, and never success. */
function undecided(model: ReportModel): Markup | null {
  const failed = model.experiments.filter((one) => one.verdict.failure !== "");
  const open = model.claims.filter((claim) => claim.verdict === "inconclusive");
  const lines = [
    ...failed.map(
      ({ verdict }) =>
        html`<li><a href="${anchor(verdict.experiment)}">${verdict.experiment}</a> could not be carried out: ${shorten(verdict.failure, 300)}</li>`,
    ),
    ...open.map(
      (claim) =>
        html`<li><a href="${anchor(claim.decidedBy[0] ?? "_claims", claim.decidedBy[0] === undefined ? "" : claim.id)}">${claim.id}</a> ${shorten(claim.summary, 300)}</li>`,
    ),
  ];
  if (lines.length === 0) return null;
  const more = lines.length > undecidedAtMost && html`<li>${grouped(lines.length - undecidedAtMost)} more below.</li>`;
  return html`<aside class="notice undecided"><strong>Could not be decided</strong><ul>${lines.slice(0, undecidedAtMost)}${more}</ul></aside>`;
}

function finding(found: Finding): Markup {
  const where = found.experiment === "" ? null : html`<a href="${anchor(found.experiment)}">${found.experiment}</a>`;
  const when =
    found.time === null
      ? where
      : html`${moment(found.time)} into ${where}${found.during !== "" && html`, <strong>${found.during}</strong>`} ${jump(found.experiment, found.claim, found.time, "Show on the timeline")}`;
  return html`<article class="finding"><p class="eyebrow">${badge("violated")}<a href="${anchor(found.experiment, found.claim)}">${found.claim}</a><span>${found.document}</span></p>
<blockquote>${found.statement}</blockquote>
<dl><div><dt>What happened</dt><dd>${found.summary}${found.count > 1 && html` <span class="quiet">First of ${grouped(found.count)} counterexamples.</span>`}</dd></div>
<div><dt>When</dt><dd>${when}</dd></div>
<div><dt>Repeat</dt><dd>${command(found.repeat)}</dd></div></dl></article>`;
}

/** Every claim that was tried, grouped by the document that makes it; then, folded, why the others were not. */
export function claims(model: ReportModel): Markup {
  const order = model.claims.toSorted(
    (a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict) || a.id.localeCompare(b.id, "en", { numeric: true }),
  );
  const groups = [
    ...Map.groupBy(
      order.filter((claim) => !isUntried(claim)),
      (claim) => claim.document,
    ),
  ];
  // What other runs try comes first: it is in nobody's list of reasons.
  const untried = [...Map.groupBy(order.filter(isUntried), (claim) => claim.untried)].sort(([a], [b]) => reasons.indexOf(a) - reasons.indexOf(b));
  const filters = verdictOrder.map((verdict) => [verdict, countOf(model.claims, verdict)] as const).filter(([, n]) => n > 0);
  return html`<section id="_claims"><h2>Claims</h2>
<div class="filters" role="group" aria-label="Show only claims with these verdicts">${filters.map(
    ([verdict, n]) =>
      html`<button type="button" class="filter ${kind(verdict)}" data-verdict="${kind(verdict)}" aria-pressed="false">${icon(verdict)}<b>${n}</b> ${verdict}</button>`,
  )}</div>
${groups.map(([document, rows]) => html`<div class="document"><h3>${document || "Document not named"}</h3>${matrix(document, rows, model)}</div>`)}
${untried.length > 0 && html`<div class="document" id="_untried"><h3>Not tried in this run</h3>${untried.map(([why, rows]) => untriedGroup(why, rows))}</div>`}</section>`;
}

/** No experiment of the run bears on it; a verdict nobody can explain so stays among those that were tried. */
function isUntried({ verdict, decidedBy }: SuiteVerdict["claims"][number]): boolean {
  return decidedBy.length === 0 && (verdict === "not tried" || verdict === "out of reach");
}

function untriedGroup(why: string, rows: SuiteVerdict["claims"]): Markup {
  const verdict = rows[0]?.verdict ?? "not tried";
  const line = (claim: SuiteVerdict["claims"][number]): Markup =>
    html`<tr data-verdict="${kind(claim.verdict)}"><th scope="row"><span class="id">${claim.id}</span> ${claim.statement}<div class="quiet">${claim.document}</div></th><td>${claim.summary}${readings(claim)}</td></tr>`;
  return html`<details class="untried"><summary>${icon(verdict)}${plural(rows.length, "claim")}: ${why || "no reason was recorded"}</summary><table class="matrix untried-rows"><caption class="unseen">Claims that were not tried: ${why}</caption>
<thead><tr><th scope="col">Claim</th><th scope="col">Why</th></tr></thead><tbody>${rows.map(line)}</tbody></table></details>`;
}

function matrix(document: string, rows: SuiteVerdict["claims"], model: ReportModel): Markup {
  return html`<table class="matrix"><caption class="unseen">Claims of ${document}</caption>
<thead><tr><th scope="col">Verdict</th><th scope="col">Claim</th><th scope="col">What was seen</th><th scope="col">Tried by</th></tr></thead>
<tbody>${rows.map((claim) => matrixRow(claim, model))}</tbody></table>`;
}

function matrixRow(claim: SuiteVerdict["claims"][number], model: ReportModel): Markup {
  const chips = claim.decidedBy.map((id) => {
    const experiment = model.experiments.find((one) => one.verdict.experiment === id);
    if (!experiment) return html`<span class="chip">${id}</span>`;
    const verdict: Verdict = claimIn(experiment.verdict, claim.id)?.verdict ?? (experiment.verdict.failure === "" ? "not tried" : "inconclusive");
    return html`<a class="chip" href="${anchor(id, claim.id)}" title="${verdict} in ${id}">${icon(verdict)}<span class="unseen">${verdict} in </span>${id}</a>`;
  });
  return html`<tr data-verdict="${kind(claim.verdict)}"><td>${badge(claim.verdict)}</td><th scope="row"><span class="id">${claim.id}</span> ${claim.statement}</th><td>${shorten(claim.summary, 220)}${readings(claim)}</td><td>${chips}</td></tr>`;
}
