/** The run at a glance, beside its verdict: every claim by document, what the deployment carries, whether the run can be trusted, and what it ran on. */
import type { SuiteVerdict } from "../../core/verdict.ts";
import { type ReportModel, verdictOrder } from "../model.ts";
import { isValid } from "../read-capacity.ts";
import { duration, grouped, shorten } from "../text.ts";
import { busyMachine, countOf } from "../words.ts";
import { capacityHeadline } from "./capacity.ts";
import type { Markup } from "./markup.ts";
import { anchor, html } from "./markup.ts";
import { icon, kind, plural } from "./parts.ts";

type Claim = SuiteVerdict["claims"][number];

export function glance(model: ReportModel): Markup {
  return html`<div class="glance"><section><h2>Claims by document</h2>${byDocument(model)}</section>
<section><h2>Capacity</h2>${capacityHeadline(model)}
<h2>Validity</h2>${valid(model)}
<h2>Environment</h2>${environment(model)}</section></div>`;
}

function byDocument({ claims, experiments }: ReportModel): Markup {
  const order = claims.toSorted(
    (a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict) || a.id.localeCompare(b.id, "en", { numeric: true }),
  );
  const shown = new Set(experiments.map(({ verdict }) => verdict.experiment));
  const documents = [...Map.groupBy(order, (claim) => claim.document)];
  const met = documents.filter(([, all]) => all.some((claim) => claim.decidedBy.length > 0));
  const others = documents.filter(([, all]) => all.every((claim) => claim.decidedBy.length === 0));
  const rows = met.map(([document, all]) => {
    const tried = all.filter((claim) => claim.decidedBy.length > 0);
    return html`<tr><th scope="row">${document || "Document not named"}</th><td>${tried.map((claim) => tile(claim, shown))}${left(all)}</td></tr>`;
  });
  if (others.length > 0) {
    const named = others.map(([document]) => document || "not named").join("; ");
    rows.push(
      html`<tr><th scope="row" title="${named}">${plural(others.length, met.length > 0 ? "other document" : "document")}</th><td>${left(others.flatMap(([, all]) => all))}</td></tr>`,
    );
  }
  return html`<table class="by-document"><thead class="unseen"><tr><th scope="col">Document</th><th scope="col">Claims</th></tr></thead><tbody>${rows}</tbody></table>
<p class="legend">${verdictOrder.map((verdict) => html`<span>${icon(verdict)}${verdict}</span>`)}</p>`;
}

/** What no experiment of the run tried. */
function left(claims: readonly Claim[]): Markup | null {
  const rest = claims.filter((claim) => claim.decidedBy.length === 0);
  const told = verdictOrder.filter((verdict) => countOf(rest, verdict) > 0).map((verdict) => `${countOf(rest, verdict)} ${verdict}`);
  return told.length === 0 ? null : html`<a class="rest" href="#_untried">${told.join(", ")}</a>`;
}

/** Leads to the experiment that decided: of several, the one that comes first. */
function tile({ id, verdict, statement, decidedBy }: Claim, shown: ReadonlySet<string>): Markup {
  const where = decidedBy.find((experiment) => shown.has(experiment));
  return html`<a class="tile ${kind(verdict)}" href="${where === undefined ? "#_claims" : anchor(where, id)}" title="${verdict}: ${shorten(statement, 160)}">${icon(verdict)}<span class="unseen">${verdict}: </span>${id}</a>`;
}

function valid({ experiments, notes, capacityRun }: ReportModel): Markup {
  if (experiments.length === 0 && capacityRun) return windows(capacityRun);
  const doubtful = experiments.filter(({ verdict }) => verdict.failure !== "" || verdict.assumptions.some((check) => check.verdict !== "holds"));
  const damaged = experiments.filter((one) => one.notes.length > 0).length;
  const lag = experiments.reduce<number | null>(
    (most, one) => (one.harnessLagMaxMs === null ? most : Math.max(most ?? 0, one.harnessLagMaxMs)),
    null,
  );
  const dropped = experiments.reduce((sum, { verdict }) => sum + (verdict.load.droppedIterations ?? 0), 0);
  const operations = experiments.reduce((sum, one) => sum + one.operations, 0);
  const busy = busyMachine(experiments.map((one) => one.verdict));
  const verdict = doubtful.length > 0 ? "inconclusive" : experiments.length > 0 ? "holds" : "not tried";
  const says =
    doubtful.length === 0
      ? `All assumptions of ${plural(experiments.length, "experiment")} hold.`
      : `Assumptions of ${doubtful.length} of ${plural(experiments.length, "experiment")} are not met.`;
  return html`<p>${icon(verdict)}<a href="#_validity">${says}</a></p>
<p class="quiet">${grouped(operations)} operations, ${grouped(dropped)} dropped${lag !== null && `, harness at most ${duration(lag)} late`}${damaged > 0 && `; records of ${plural(damaged, "experiment")} are incomplete`}${notes.length > 0 && "; see the notes below"}.</p>${busy !== "" && html`<p class="quiet">${busy}</p>`}`;
}

function windows({ searched, scaling }: NonNullable<ReportModel["capacityRun"]>): Markup {
  const all = [...searched, ...scaling];
  const good = all.filter(isValid).length;
  return html`<p>${icon(good === all.length && good > 0 ? "holds" : "inconclusive")}<a href="#_capacity">${grouped(good)} of ${plural(all.length, "window")} ${good === 1 ? "is" : "are"} valid.</a></p>`;
}

const shownFirst = ["cpu", "os", "node", "postgres", "redis", "nginx", "k6"];

function environment({ suite }: ReportModel): Markup {
  const rank = (name: string): number => (shownFirst.indexOf(name) + shownFirst.length + 1) % (shownFirst.length + 1);
  const all = Object.entries(suite.environment).toSorted(([a], [b]) => rank(a) - rank(b));
  const told = all.slice(0, 6).map(([name, value]) => `${name} ${shorten(value, 40)}`);
  const about = [suite.driver && `${suite.driver} driver`, suite.commit && `commit ${suite.commit.slice(0, 12)}`];
  return html`<p class="quiet">${[...about, ...told].filter((one) => one !== "").join(" · ") || "not recorded"}</p>`;
}
