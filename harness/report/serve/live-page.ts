/** The page that follows a run. It holds nothing of the run itself: what it shows comes as data and becomes text, never markup. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Whole and the same for every run. */
export function livePage(): string {
  const own = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
  const uplot = dirname(createRequire(import.meta.url).resolve("uplot/dist/uPlot.iife.min.js"));
  const script = `${readFileSync(join(uplot, "uPlot.iife.min.js"), "utf8")}\n${own("./live.js")}`.replaceAll("</script", "<\\/script");
  const style = [readFileSync(join(uplot, "uPlot.min.css"), "utf8"), own("../html/base.css"), own("./live.css")].join("\n");
  const policy = `default-src 'none'; script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>A run in progress · runproof</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header class="masthead"><span class="brand">runproof</span><p><span id="state" role="status">waiting for the run's first records</span></p></header>
<main class="live">
<h1 id="title">A run in progress</h1>
<dl class="facts">
<div><dt>elapsed</dt><dd id="elapsed">-</dd></div>
<div><dt>rate</dt><dd id="rate">-</dd></div>
<div><dt>operations</dt><dd id="operations">-</dd></div>
<div><dt>not served</dt><dd id="errors">-</dd></div>
<div><dt>fault</dt><dd id="fault">-</dd></div>
</dl>
<div id="chart" role="img" aria-label="Answers each second"></div>
<p class="quiet">Blue: served, each second. Red: not served. Bands: a fault, from its request to its end.</p>
<h2>Experiments that are over</h2>
<ol id="done"></ol>
</main>
<noscript><p>This page follows the run by script; the files beside verdict.json have all of it.</p></noscript>
<script>${script}</script>
</body>
</html>
`;
}
