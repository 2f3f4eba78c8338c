/** The model -> one offline HTML file. Its security policy forbids every request and every script but its own. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ReportModel } from "../model.ts";
import { duration } from "../text.ts";
import { headline } from "../words.ts";
import { capacity } from "./capacity.ts";
import { coverage } from "./coverage.ts";
import { experimentSection } from "./experiment.ts";
import { validity } from "./facts.ts";
import type { Markup } from "./markup.ts";
import { anchor, embeddedJson, html } from "./markup.ts";
import { claims, outcome } from "./overview.ts";
import { icon } from "./parts.ts";

/** The whole page. Everything readable is in the markup; the script adds charts, zoom, filters and copying. */
export function renderHtml(model: ReportModel): string {
  const { script, style, licence } = assets();
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  const data = model.experiments.map(
    ({ verdict, timeline, bands, lanes, marks }) => timeline && { experiment: verdict.experiment, timeline, bands, lanes, marks },
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ markup: policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${headline(model.claims)} · runproof</title>
<link rel="icon" href="data:,">
<style>${{ markup: style }}</style>
</head>
<body>
<a class="skip" href="#_main">Skip to the outcome</a>
${masthead(model)}
<div class="layout">
${contents(model)}
<main id="_main">
${outcome(model)}
${claims(model)}
${capacity(model)}
${model.experiments.map((one, index) => experimentSection(one, model.claims, index))}
${coverage(model)}
${validity(model)}
</main>
</div>
<footer><p>Written by ${model.suite.tool || "runproof"}. The records behind every figure lie beside this file.</p></footer>
<script type="application/json" id="_data">${embeddedJson(data)}</script>
<!-- The charts are drawn by uPlot.
${{ markup: licence }}
-->
<script>${{ markup: script }}</script>
</body>
</html>
`.markup;
}

function masthead({ suite }: ReportModel): Markup {
  const facts = [
    suite.startedAt && `${suite.startedAt.slice(0, 16).replace("T", " ")} UTC`,
    suite.target,
    suite.driver && `${suite.driver} driver`,
    `seed ${suite.seed}`,
    suite.durationMs > 0 && duration(suite.durationMs),
  ];
  return html`<header class="masthead"><a class="brand" href="#_overview">runproof</a><p>${facts.filter((fact): fact is string => typeof fact === "string" && fact !== "").map((fact) => html`<span>${fact}</span>`)}</p></header>`;
}

function contents(model: ReportModel): Markup {
  const link = ([id, name]: readonly [string, string]): Markup => html`<li><a href="#${id}">${name}</a></li>`;
  const hasCapacity = model.capacity.length > 0 || model.capacityRun !== null;
  const first = [["_overview", "Outcome"] as const, ["_claims", "Claims"] as const, ...(hasCapacity ? [["_capacity", "Capacity"] as const] : [])];
  const last = [
    ...(model.faultsMet.length + model.sometimes.length > 0 ? [["_coverage", "Coverage"] as const] : []),
    ["_validity", "Validity and environment"] as const,
  ];
  const experiments = model.experiments.map(({ verdict, overall }) => {
    const place = anchor(verdict.experiment);
    return html`<li><a href="${place}" data-experiment="${decodeURIComponent(place.slice(1))}">${icon(overall)}<span class="unseen">${overall}: </span>${verdict.experiment}</a></li>`;
  });
  return html`<nav class="contents" aria-label="Contents"><form class="search" role="search" hidden><label class="unseen" for="_search">Search claims and evidence</label><input id="_search" type="search" placeholder="Search claims, evidence" autocomplete="off" spellcheck="false"><output class="quiet" for="_search"></output></form>
<details open><summary>Contents</summary><ul>${first.map(link)}</ul>
${experiments.length > 0 && html`<p>Experiments</p><ul>${experiments}</ul>`}<p>Evidence as a whole</p><ul>${last.map(link)}</ul>
<p class="keys" hidden><kbd>/</kbd> search, <kbd>n</kbd> <kbd>p</kbd> next and previous violation; on a timeline <kbd>←</kbd> <kbd>→</kbd> move, <kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>0</kbd> all</p></details></nav>`;
}

let loaded: { readonly script: string; readonly style: string; readonly licence: string } | null = null;

function assets(): NonNullable<typeof loaded> {
  if (loaded) return loaded;
  const own = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
  const uplot = dirname(createRequire(import.meta.url).resolve("uplot/dist/uPlot.iife.min.js"));
  const library = readFileSync(join(uplot, "uPlot.iife.min.js"), "utf8");
  loaded = {
    script: [library, ...["./chart.js", "./lanes.js", "./timeline.js", "./filter.js", "./page.js"].map((name) => unbound(own(name)))]
      .join("\n")
      .replaceAll("</script", "<\\/script"),
    style: [
      readFileSync(join(uplot, "uPlot.min.css"), "utf8"),
      ...["./base.css", "./overview.css", "./glance.css", "./experiment.css", "./evidence.css", "./media.css"].map(own),
    ].join("\n"),
    licence: readFileSync(join(uplot, "..", "LICENSE"), "utf8").replaceAll("--", "- -"),
  };
  return loaded;
}

/** A module's text without its imports and exports: the page's few modules become one classic script, in order of dependence. */
function unbound(module: string): string {
  return module.replace(/^import .*;\n/gm, "").replace(/^export /gm, "");
}
