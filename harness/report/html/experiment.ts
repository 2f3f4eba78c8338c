/** One experiment: its timeline, how clients were served, its claims with their counterexamples, what it assumed, how to repeat it. */
import type { SuiteVerdict } from "../../core/verdict.ts";
import type { ExperimentReport, FaultBand, Recovery, ServiceWindow } from "../model.ts";
import { duration, grouped, moment } from "../text.ts";
import { checkBlock, claimCard, figures } from "./claim-card.ts";
import { experimentCoverage } from "./coverage.ts";
import type { Markup } from "./markup.ts";
import { anchor, html } from "./markup.ts";
import { command, icon, notice, plural } from "./parts.ts";

/** @param index the experiment's position in the page's data */
export function experimentSection(one: ExperimentReport, claims: SuiteVerdict["claims"], index: number): Markup {
  const { verdict } = one;
  const id = anchor(verdict.experiment).slice(1);
  const failed = verdict.assumptions.some((check) => check.verdict !== "holds");
  return html`<section class="experiment" id="${decodeURIComponent(id)}">
<header><p class="eyebrow">Experiment <code>${verdict.experiment}</code></p><h2>${icon(one.overall)}<span class="unseen">${one.overall}: </span>${verdict.title || verdict.experiment}</h2>
<p class="meta">${duration(verdict.durationMs)} · seed ${verdict.seed}${verdict.startedAt !== "" && ` · ${verdict.startedAt.slice(0, 19).replace("T", " ")} UTC`}</p>
<p class="repeat"><span>Repeat</span>${command(verdict.repeat)}</p></header>
${verdict.failure !== "" && notice("This experiment could not be carried out", [verdict.failure])}
${notice("Record files", one.notes)}
${one.timeline && timelineFrame(one, index)}
<h3>Claims</h3>
${verdict.claims.map((claim) => claimCard(claim, one, claims))}
${verdict.claims.length === 0 && html`<p class="quiet">This experiment decides no claim.</p>`}
${one.bands.length > 0 && faultTable(one.bands)}
${(one.windows.length > 0 || one.recoveries.length > 0) && served(one)}
${experimentCoverage(one)}
<details class="more"${failed && { markup: " open" }}><summary>Assumptions of the experiment${failed ? ": not all hold" : ""}</summary>
<p class="quiet">Checks of the experiment itself, not of the target.</p>${verdict.assumptions.map((check) => checkBlock(check, verdict.experiment, "", [], "h4"))}</details>
${Object.keys(verdict.load).length > 0 && html`<details class="more"><summary>Load</summary>${figures(verdict.load)}</details>`}
</section>`;
}

/** Empty frames: the page's script draws into them. The tables below say the same in text. */
function timelineFrame({ timeline, verdict, unanswered }: ExperimentReport, index: number): Markup {
  const resolution = duration(timeline?.bucketMs ?? 0);
  return html`<div class="timeline" data-index="${index}" tabindex="0" role="group" aria-label="Timeline of ${verdict.experiment}. Arrow keys move the cursor, plus and minus zoom, 0 shows all.">
<div class="caption"><output class="readout" aria-live="off">Timeline</output><span class="zoom" hidden><button type="button" data-zoom="in" aria-label="Zoom in">+</button><button type="button" data-zoom="out" aria-label="Zoom out">−</button><button type="button" data-zoom="all">All</button></span></div>
<div class="lanes"></div><div class="charts"><noscript>The charts need JavaScript; the tables below do not.</noscript></div>
<p class="quiet note">One point is ${resolution}. Latency counts from when the schedule wanted an operation to start and covers the served operations of the schedule; quantiles are within 1 %.${unanswered > 0 && ` ${plural(unanswered, "operation")} never got an answer.`} Drag across a chart to zoom, double-click for all.</p></div>`;
}

function faultTable(bands: readonly FaultBand[]): Markup {
  const at = (time: number | null): string => (time === null ? "not seen" : moment(time));
  const rows = bands.map(
    (
      band,
    ) => html`<tr><th scope="row">${band.fault} <span class="quiet">${band.id}</span></th><td>${band.on}${band.working.length > 0 && html`<div class="quiet">worked on ${band.working.slice(0, 3).join(", ")}${band.working.length > 3 && ` and ${band.working.length - 3} more`}</div>`}</td>
<td class="number">${at(band.requestedAt)}</td><td>${at(band.bitingAt)}${band.biteEvidence !== "" && html`<div class="quiet">${band.biteEvidence}</div>`}</td><td>${at(band.healedAt)}${band.healEvidence !== "" && html`<div class="quiet">${band.healEvidence}</div>`}</td>
<td class="state">${icon(band.state === "confirmed" ? "holds" : "inconclusive")}${band.state}</td></tr>`,
  );
  return html`<h3>Faults</h3><div class="scroll" tabindex="0" role="group" aria-label="Faults"><table class="plain"><thead><tr><th scope="col">Fault</th><th scope="col">On</th><th scope="col" class="number">Requested</th><th scope="col">Seen biting</th><th scope="col">Seen healed</th><th scope="col">State</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** What an on-call engineer asks first: how long until it was noticed, taken over, answered again, steady. */
function recovered(recoveries: readonly Recovery[]): Markup | null {
  if (recoveries.length === 0) return null;
  const ms = (value: number | null): Markup | string => (value === null ? html`<span class="quiet">not seen</span>` : duration(value));
  const rows = recoveries.map(
    (one) =>
      html`<tr><th scope="row">${one.id} <span class="quiet">${one.on}</span></th><td class="number">${ms(one.detectMs)}</td><td class="number">${ms(one.handOverMs)}</td><td class="number">${ms(one.firstSuccessMs)}</td><td class="number">${ms(one.steadyMs)}</td><td class="number">${grouped(one.failed)} of ${grouped(one.operations)}</td></tr>`,
  );
  return html`<p class="quiet">Of the schedule's operations. Detected: the first failure or unusually slow answer. Handed over: somebody else took what the victim had. Steady: 99 % served at the schedule's rate for three seconds.</p>
<div class="scroll" tabindex="0" role="group" aria-label="Recovery from each fault"><table class="plain recovery"><thead><tr><th scope="col">Fault</th><th scope="col" class="number">Detected after</th><th scope="col" class="number">Handed over after</th><th scope="col" class="number">First success after heal</th><th scope="col" class="number">Steady after heal</th><th scope="col" class="number">Failed until steady</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function served({ windows, longestGap, recoveries }: ExperimentReport): Markup {
  const ms = (value: number | null): string => (value === null ? "none" : duration(value));
  const row = (window: ServiceWindow): Markup => {
    const ratio = window.operations === 0 ? null : (100 * window.served) / window.operations;
    return html`<tr><th scope="row">${window.name}<div class="quiet">${moment(window.from)} to ${moment(window.to)}</div></th><td class="number">${grouped(window.operations)}</td><td class="number">${ratio === null ? "none" : `${grouped(Math.floor(ratio * 100) / 100)} %`}</td>
<td class="number">${grouped(window.errors)}</td><td class="number">${grouped(window.shed)}</td><td class="number">${ms(window.p50Ms)}</td><td class="number">${ms(window.p95Ms)}</td><td class="number">${ms(window.p99Ms)}</td><td class="number">${ms(window.maxMs)}</td></tr>`;
  };
  const gap =
    longestGap &&
    html`<p>The longest stretch without a served answer was <strong>${duration(longestGap.to - longestGap.from)}</strong>, from ${moment(longestGap.from)} to ${moment(longestGap.to)}.</p>`;
  return html`<h3>Availability</h3>${gap}${recovered(recoveries)}<div class="scroll" tabindex="0" role="group" aria-label="Service before, during and after the faults"><table class="plain"><thead><tr><th scope="col">Operations that were to start</th><th scope="col" class="number">Count</th><th scope="col" class="number">Served</th><th scope="col" class="number">Errors</th><th scope="col" class="number">Shed</th><th scope="col" class="number">p50</th><th scope="col" class="number">p95</th><th scope="col" class="number">p99</th><th scope="col" class="number">Longest</th></tr></thead><tbody>${windows.map(row)}</tbody></table></div>`;
}
