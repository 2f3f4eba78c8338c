/** What the faults met: of each experiment by phase, and of the whole run. */
import type { CoverageRow, OutcomeCounts } from "../../core/verdict.ts";
import { phases, tooEmpty } from "../coverage.ts";
import type { ExperimentReport, ReportModel } from "../model.ts";
import { grouped } from "../text.ts";
import type { Markup } from "./markup.ts";
import { anchor, html } from "./markup.ts";
import { icon } from "./parts.ts";
import { situations } from "./situations.ts";

const outcomes = ["ok", "fail", "info"] as const;

/** Fault by operation over all experiments, and the situations that came about. */
export function coverage(model: ReportModel): Markup | null {
  if (model.faultsMet.length === 0 && model.sometimes.length === 0) return null;
  return html`<section id="_coverage"><h2>Coverage</h2>${matrix(model)}${situations(model)}</section>`;
}

function matrix({ faultsMet }: ReportModel): Markup | null {
  if (faultsMet.length === 0) return null;
  const operations = [...new Set(faultsMet.flatMap((row) => Object.keys(row.operations)))].sort();
  const rows = faultsMet.map(
    ({ fault, injections, operations: met }) =>
      html`<tr><th scope="row">${fault}</th><td class="number">${grouped(injections)}</td>${operations.map((operation) => phases.map((phase) => cell(met[operation]?.[phase], phase)))}</tr>`,
  );
  return html`<h3>Faults, operations and phases</h3><p class="quiet">Operations over all experiments by when they were wanted: in the 10 s before a fault, from its request to a second after its heal, in the 10 s after that. Those that were not ok stand below: ✗ failed for certain, ? nobody knows. A dash: such a fault never met such an operation.</p>
<div class="scroll" tabindex="0" role="group" aria-label="Faults, operations and phases"><table class="plain coverage faults-met"><thead><tr><th scope="col" rowspan="2">Fault</th><th scope="col" rowspan="2" class="number">Injections</th>${operations.map((operation) => html`<th scope="colgroup" colspan="3">${operation}</th>`)}</tr>
<tr>${operations.map(() => phases.map((phase) => html`<th scope="col" class="number">${phase}</th>`))}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function cell(counts: OutcomeCounts | undefined, phase: (typeof phases)[number]): Markup {
  if (counts === undefined || counts.ok + counts.fail + counts.info === 0)
    return html`<td class="number ${phase} none"><span aria-hidden="true">–</span><span class="unseen">none</span></td>`;
  const rest = [counts.fail > 0 && `✗ ${grouped(counts.fail)}`, counts.info > 0 && `? ${grouped(counts.info)}`].filter((one) => one !== false);
  return html`<td class="number ${phase}">${grouped(counts.ok)}${rest.length > 0 && html`<div class="quiet">${rest.join(" ")}</div>`}</td>`;
}

/** Fault by operation by phase of one experiment; cells that are too empty lead to the claims that they leave open. */
export function experimentCoverage({ verdict }: ExperimentReport): Markup | null {
  if (verdict.coverage.length === 0) return null;
  const open = verdict.claims.filter((claim) => claim.verdict === "inconclusive");
  const empty = verdict.coverage.filter(tooEmpty);
  const links = open.map((claim, i) => html`${i > 0 && ", "}<a href="${anchor(verdict.experiment, claim.claim)}">${claim.claim}</a>`);
  const marked =
    empty.length > 0 &&
    html`<p>${icon("inconclusive")}Marked cells have fewer successes than the experiment needs, and then a claim that would hold is inconclusive${links.length > 0 && html`: ${links}`}.</p>`;
  return html`<h3>Coverage</h3>${marked}<p class="quiet">Operations by when they were wanted: in the 10 s before a fault, from its request to a second after its heal, in the 10 s after that; info counts what was under way when the load was ended, too.</p>
<div class="scroll" tabindex="0" role="group" aria-label="Coverage of this experiment"><table class="plain coverage"><thead><tr><th scope="col" rowspan="2">Fault</th><th scope="col" rowspan="2">Operation</th>${phases.map((phase) => html`<th scope="colgroup" colspan="3" class="number">${phase}</th>`)}</tr>
<tr>${phases.map(() => outcomes.map((outcome) => html`<th scope="col" class="number">${outcome}</th>`))}</tr></thead><tbody>${verdict.coverage.map(row)}</tbody></table></div>`;
}

function row(one: CoverageRow): Markup {
  const { injection, on, operation, least } = one;
  const cells = phases.map((phase) =>
    outcomes.map((outcome) => {
      const few = outcome === "ok" && one[phase].ok < least;
      return html`<td class="number">${few && html`<span class="too-few">${icon("inconclusive")}<span class="unseen">fewer than ${least}: </span></span>`}${grouped(one[phase][outcome])}</td>`;
    }),
  );
  return html`<tr><th scope="row">${injection} <span class="quiet">${on}</span></th><td>${operation}</td>${cells}</tr>`;
}
