/** What the run can be trusted with: its validity and its environment. */
import type { ExperimentReport, ReportModel } from "../model.ts";
import { duration, grouped } from "../text.ts";
import type { Markup } from "./markup.ts";
import { anchor, html } from "./markup.ts";
import { facts, icon } from "./parts.ts";

/** Whether the experiments could see what they were to see, and what they ran on. */
export function validity(model: ReportModel): Markup {
  const { suite } = model;
  const environment = Object.entries(suite.environment);
  const damaged = model.experiments.some((one) => one.notes.length > 0);
  return html`<section id="_validity"><h2>Validity and environment</h2>
<p>A verdict counts only while these hold; where one does not, the claims it bears on are inconclusive.${damaged && " Some record files are missing or damaged; the experiments below say which."}</p>
<div class="scroll" tabindex="0" role="group" aria-label="Validity of each experiment"><table class="plain"><thead><tr><th scope="col">Experiment</th><th scope="col">Assumptions</th><th scope="col" class="number">Operations</th><th scope="col" class="number">Dropped</th><th scope="col" class="number">Harness lag, at most</th></tr></thead>
<tbody>${model.experiments.map(validityRow)}</tbody></table></div>
${facts([
  ["Target", suite.target],
  ["Driver", suite.driver],
  ["Commit", html`<code>${suite.commit || "unknown"}</code>`],
  ["Seed", String(suite.seed)],
  ["Exit status", String(suite.exit)],
  ["Tool", suite.tool],
  ...environment,
])}</section>`;
}

function validityRow(one: ExperimentReport): Markup {
  const failed = one.verdict.assumptions.filter((check) => check.verdict !== "holds");
  const operations = one.timeline === null ? null : one.operations;
  const dropped = one.verdict.load.droppedIterations;
  const says =
    one.verdict.failure !== ""
      ? "could not be carried out"
      : failed.length === 0
        ? `all ${one.verdict.assumptions.length} hold`
        : `${failed.length} of ${one.verdict.assumptions.length} not met: ${failed.map((check) => check.property).join("; ")}`;
  const shape = one.verdict.failure !== "" || failed.length > 0 ? "inconclusive" : one.verdict.assumptions.length === 0 ? "not tried" : "holds";
  return html`<tr><th scope="row"><a href="${anchor(one.verdict.experiment)}">${one.verdict.experiment}</a></th><td>${icon(shape)}${one.verdict.assumptions.length === 0 && shape === "not tried" ? "none stated" : says}</td>
<td class="number">${operations === null ? "unknown" : grouped(operations)}</td><td class="number">${dropped === undefined ? "unknown" : grouped(dropped)}</td><td class="number">${one.harnessLagMaxMs === null ? "unknown" : duration(one.harnessLagMaxMs)}</td></tr>`;
}
