/** The trend as one offline page: what needs a look, the course of the headline numbers, every claim in every run, and the way to each run's report. Pure but for its assets. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Verdict } from "../../core/verdict.ts";
import { embeddedJson, html, type Markup } from "../html/markup.ts";
import { duration, grouped, plain, shorten } from "../text.ts";
import { marks } from "../words.ts";
import { type ClaimTrend, claimTrends, comparable } from "./analyse.ts";
import type { TrendLine } from "./line.ts";

/** Columns of the matrix; the charts show all runs. */
const columnsAtMost = 40;

export function renderTrend(lines: readonly TrendLine[], statements: ReadonlyMap<string, string>): string {
  const runs = comparable(lines);
  const trends = claimTrends(runs);
  const { script, style } = assets();
  const policy = `default-src 'none'; script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Trend · runproof</title>
<link rel="icon" href="data:,">
<style>${{ markup: style }}</style>
</head>
<body>
<header class="masthead"><span class="brand">runproof</span><p><span>${runs.length === 1 ? "1 run" : `${grouped(runs.length)} runs`}${span(runs)}</span></p></header>
<main class="trend">
<h1>${title(trends)}</h1>
${needALook(trends, statements)}
<section aria-label="Headline numbers"><h2>Headline numbers</h2><div id="charts"></div><p class="quiet" id="nothing" hidden>No run has measured any of them yet.</p></section>
${matrix(runs, trends, statements)}
${table(runs)}
</main>
<script type="application/json" id="_data">${embeddedJson(series(runs))}</script>
<script>${{ markup: script }}</script>
</body>
</html>
`.markup;
}

function span(runs: readonly TrendLine[]): string {
  const [first, last] = [runs[0], runs.at(-1)];
  return first && last ? `, ${first.startedAt.slice(0, 10)} to ${last.startedAt.slice(0, 10)}` : "";
}

function title(trends: readonly ClaimTrend[]): string {
  const violated = trends.filter(({ now }) => now === "violated").length;
  const flaky = trends.filter(({ flaky: found }) => found.length > 0).length;
  if (trends.length === 0) return "No run has been recorded yet";
  const now = violated === 0 ? "No claim is violated" : violated === 1 ? "1 claim is violated" : `${violated} claims are violated`;
  return flaky === 0 ? now : `${now}, ${flaky} ${flaky === 1 ? "is" : "are"} flaky`;
}

function needALook(trends: readonly ClaimTrend[], statements: ReadonlyMap<string, string>): Markup | null {
  const shown = trends.filter(({ now, flaky }) => now === "violated" || flaky.length > 0);
  if (shown.length === 0) return null;
  return html`<section aria-label="What needs a look"><h2>What needs a look</h2><ul class="look">${shown.map(
    ({ claim, now, flaky, firstBad }) =>
      html`<li><b>${claim}</b> ${now === "violated" ? html`<span class="word violated">${marks.violated} violated</span>` : null}${flaky.length > 0 ? html` <span class="word flaky">~ flaky</span>` : null} ${statements.get(claim) ?? ""}${firstBad === "" ? null : html`<p>First bad commit: ${firstBad}</p>`}${flaky.map((sentence) => html`<p>${sentence}</p>`)}</li>`,
  )}</ul></section>`;
}

function matrix(runs: readonly TrendLine[], trends: readonly ClaimTrend[], statements: ReadonlyMap<string, string>): Markup | null {
  if (runs.length === 0) return null;
  const from = Math.max(0, runs.length - columnsAtMost);
  // The newest first, where nobody has to scroll for it.
  const shown = runs.slice(from).toReversed();
  const cell = (verdict: Verdict | null): Markup =>
    verdict === null
      ? html`<td></td>`
      : html`<td class="${verdict.replaceAll(" ", "-")}"><span aria-hidden="true">${marks[verdict]}</span><span class="unseen">${verdict}</span></td>`;
  return html`<section aria-label="Claims"><h2>Claims${from > 0 ? ` in the last ${columnsAtMost} runs` : ""}</h2><div class="scroll" tabindex="0" role="region" aria-label="Claims by run"><table class="runs-matrix">
<thead><tr><th scope="col">Claim</th>${shown.map((run) => html`<th scope="col"><a href="${linkOf(run)}">${run.startedAt.slice(5, 10)}</a></th>`)}</tr></thead>
<tbody>${trends.map(({ claim, verdicts, flaky }) => html`<tr><th scope="row" title="${statements.get(claim) ?? ""}">${claim}${flaky.length > 0 ? html` <span class="flaky">~ flaky</span>` : null}</th>${verdicts.slice(from).toReversed().map(cell)}</tr>`)}</tbody>
</table></div></section>`;
}

function table(runs: readonly TrendLine[]): Markup | null {
  if (runs.length === 0) return null;
  return html`<section aria-label="Runs"><h2>Runs</h2><div class="scroll" tabindex="0" role="region" aria-label="Runs"><table class="runs">
<thead><tr><th scope="col">Run</th><th scope="col">Commit</th><th scope="col">Seed</th><th scope="col">Violated</th><th scope="col">Inconclusive</th><th scope="col">Holds</th><th scope="col">Time to repair</th><th scope="col">Defects seen</th><th scope="col">Took</th></tr></thead>
<tbody>${runs.toReversed().map((run) => {
    const n = (verdict: Verdict): number => Object.values(run.claims).filter((one) => one === verdict).length;
    const { detection } = run;
    return html`<tr><th scope="row"><a href="${linkOf(run)}">${run.startedAt.slice(0, 16).replace("T", " ")}</a></th><td><code>${shorten(run.commit, 14)}</code></td><td>${run.seed}</td><td>${n("violated")}</td><td>${n("inconclusive")}</td><td>${n("holds")}</td><td>${run.mttrMs === null ? "-" : duration(run.mttrMs)}</td><td>${detection ? `${detection.caught} of ${detection.planted}` : "-"}</td><td>${duration(run.durationMs)}</td></tr>`;
  })}</tbody></table></div></section>`;
}

/** Nothing but a web address or a path below the reports: a line may have been written by anybody. */
function linkOf({ link }: TrendLine): string {
  return /^https?:\/\/[^\s]+$|^\.\.\/[A-Za-z0-9][A-Za-z0-9._-]*\/report\.html$/.test(link) ? plain(link) : "#";
}

/** A chart for each entry, in the order of the runs; null where a run did not measure it. */
function series(runs: readonly TrendLine[]) {
  const of = (verdict: Verdict) => runs.map(({ claims }) => Object.values(claims).filter((one) => one === verdict).length);
  const points = [
    ...new Set(runs.flatMap(({ throughputs }) => throughputs.map(({ experiment, instances }) => `${experiment}, ${instances} instances`))),
  ];
  const charts = [
    {
      title: "Claims",
      unit: "",
      lines: (["holds", "violated", "inconclusive"] as const).map((verdict) => ({ label: verdict, values: of(verdict) })),
    },
    {
      title: "Mean time to repair",
      unit: "s",
      lines: [{ label: "first failure to next success", values: runs.map(({ mttrMs }) => (mttrMs === null ? null : mttrMs / 1000)) }],
    },
    {
      title: "Throughput",
      unit: "/s",
      lines: points.slice(0, 8).map((point) => ({
        label: point,
        values: runs.map(
          ({ throughputs }) => throughputs.find(({ experiment, instances }) => `${experiment}, ${instances} instances` === point)?.perSecond ?? null,
        ),
      })),
    },
    {
      title: "Planted defects that were seen",
      unit: "%",
      lines: [
        {
          label: "detection rate",
          values: runs.map(({ detection }) => (detection && detection.planted > 0 ? (100 * detection.caught) / detection.planted : null)),
        },
      ],
    },
    {
      title: "Sustainable rate",
      unit: "/s",
      lines: [...new Set(runs.flatMap(({ capacity }) => Object.keys(capacity ?? {})))].slice(0, 8).map((label) => ({
        label,
        values: runs.map(({ capacity }) => capacity?.[label] ?? null),
      })),
    },
    { title: "Duration", unit: "min", lines: [{ label: "whole run", values: runs.map(({ durationMs }) => durationMs / 60_000) }] },
  ];
  const measured = charts.filter(({ lines }) => lines.some(({ values }) => values.some((value) => value !== null)));
  return { runs: runs.map(({ startedAt, commit }) => `${startedAt.slice(0, 10)} ${shorten(commit, 14)}`), charts: measured };
}

function assets(): { readonly script: string; readonly style: string } {
  const own = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
  const uplot = dirname(createRequire(import.meta.url).resolve("uplot/dist/uPlot.iife.min.js"));
  return {
    script: `${readFileSync(join(uplot, "uPlot.iife.min.js"), "utf8")}\n${own("./trend.js")}`.replaceAll("</script", "<\\/script"),
    style: [readFileSync(join(uplot, "uPlot.min.css"), "utf8"), own("../html/base.css"), own("./trend.css")].join("\n"),
  };
}
