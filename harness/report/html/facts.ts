/** What the run can be trusted with: capacity figures, validity, environment. */
import type { Capacity, ExperimentReport, ReportModel } from "../model.ts";
import { duration, grouped } from "../text.ts";
import type { Markup } from "./markup.ts";
import { anchor, html } from "./markup.ts";
import { facts, icon } from "./parts.ts";

/** Throughput by number of instances beside what linear growth would give. */
export function capacity(model: ReportModel): Markup | null {
  if (model.capacity.length === 0) return null;
  return html`<section id="_capacity"><h2>Capacity</h2><div class="cards">${model.capacity.map(chart)}</div></section>`;
}

function chart({ experiment, claim, points }: Capacity): Markup | null {
  const base = points[0];
  const last = points[points.length - 1];
  if (!base || !last) return null;
  const linear = (instances: number): number => (base.perSecond / base.instances) * instances;
  const most = Math.max(...points.map((point) => Math.max(point.perSecond, linear(point.instances))));
  const percent = (value: number): string => Math.max(0, (100 * value) / most).toFixed(2);
  const rows = points.map(
    ({
      instances,
      perSecond,
      ratio,
    }) => html`<tr><th scope="row">${instances}</th><td class="bar"><svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
<rect class="linear" width="${percent(linear(instances))}" height="12"/><rect class="measured" y="2" width="${percent(perSecond)}" height="8"/></svg></td>
<td class="number">${grouped(perSecond)} /s</td><td class="number">${grouped(Math.round(ratio * 100))} %</td></tr>`,
  );
  return html`<figure class="capacity"><figcaption><strong>${grouped(last.perSecond)} operations/s on ${last.instances} instances</strong>, ${grouped(Math.round(last.ratio * 100))} % of linear
<span class="quiet">from <a href="${anchor(experiment, claim)}">${claim} in ${experiment}</a></span></figcaption>
<table><thead><tr><th scope="col">Instances</th><th scope="col"><span class="key measured"></span>measured <span class="key linear"></span>linear</th><th scope="col" class="number">Throughput</th><th scope="col" class="number">Of linear</th></tr></thead><tbody>${rows}</tbody></table></figure>`;
}

/** Whether the experiments could see what they were to see, and what they ran on. */
export function validity(model: ReportModel): Markup {
  const { suite } = model;
  const environment = Object.entries(suite.environment);
  const damaged = model.experiments.some((one) => one.notes.length > 0);
  return html`<section id="_validity"><h2>Validity and environment</h2>
<p>A verdict counts only while these hold; where one does not, the claims it bears on are inconclusive.${damaged && " Some record files are missing or damaged; the experiments below say which."}</p>
<div class="scroll" tabindex="0"><table class="plain"><thead><tr><th scope="col">Experiment</th><th scope="col">Assumptions</th><th scope="col" class="number">Operations</th><th scope="col" class="number">Dropped</th><th scope="col" class="number">Harness lag, at most</th></tr></thead>
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
