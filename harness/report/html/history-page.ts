/** The verdict on one history as one offline page: what the model says, and the smallest part of the history that shows it as lanes. */
import { readFileSync } from "node:fs";
import type { Operation } from "../../core/history.ts";
import type { Answer } from "../../core/model.ts";
import type { Verdict } from "../../core/verdict.ts";
import { answered, asked, laneTable } from "../history-lanes.ts";
import { figure, grouped } from "../text.ts";
import { html, type Markup } from "./markup.ts";
import { facts, icon, notice } from "./parts.ts";

export interface HistoryPage {
  readonly file: string;
  readonly model: string;
  /** What the model is, in a sentence. */
  readonly what: string;
  readonly answer: Answer;
  /** All of it; where nothing is refused, its beginning is drawn. */
  readonly operations: readonly Operation[];
  /** The part that shows what is refused, and how it was found; none where nothing is. */
  readonly evidence: { readonly operations: readonly Operation[]; readonly answer: Answer; readonly how: string } | null;
}

const verdicts: readonly (readonly [Answer["valid"], Verdict, string])[] = [
  [true, "holds", "valid"],
  [false, "violated", "not valid"],
  ["unknown", "inconclusive", "unknown"],
];

/** The whole page; it loads nothing and runs nothing. */
export function renderHistory({ file, model, what, answer, operations, evidence }: HistoryPage): string {
  const [, verdict, word] = verdicts.find(([valid]) => valid === answer.valid) ?? verdicts[2] ?? [null, "inconclusive" as const, "unknown"];
  const css = ["./base.css", "./overview.css", "./history-page.css"].map((name) => readFileSync(new URL(name, import.meta.url), "utf8")).join("\n");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${word}: ${file} · runproof</title>
<link rel="icon" href="data:,">
<style>${{ markup: css }}</style>
</head>
<body>
<main class="history">
<h1>${icon(verdict)} ${answer.valid === "unknown" ? `Whether ${file} is valid as ${model} is unknown` : `${file} is ${word} as ${model}`}</h1>
<p class="quiet">${what}</p>
${facts([["Operations examined", grouped(answer.operations)], ["Decided by", answer.algorithm], ...Object.entries(answer.numbers).map(([name, value]) => figure(name, value))])}
${notice("Notes", answer.notes)}
${answer.anomalies.length > 0 && html`<h2>Anomalies</h2>${anomalies(answer)}`}
${
  evidence
    ? html`<h2>The smallest part that shows it</h2><p>${evidence.how}</p>${!sameWords(evidence.answer, answer) && anomalies(evidence.answer)}${lanes(evidence.operations, evidence.answer)}`
    : operations.length > 0 && html`<h2>How it begins</h2>${lanes(operations, answer)}`
}
</main>
<footer><p>Written by runproof. Each operation is as long as it took: blue at its side if it was answered, yellow and dashed if its outcome is unknown, grey if it failed.${evidence && " Those that the sentences name are outlined."}</p></footer>
</body>
</html>
`.markup;
}

const anomaliesShown = 20;

const sameWords = (a: Answer, b: Answer): boolean => JSON.stringify(a.anomalies) === JSON.stringify(b.anomalies);

function anomalies({ anomalies: all }: Answer): Markup {
  return html`<ul>${all.slice(0, anomaliesShown).map(({ type, text }) => html`<li><strong>${type}</strong> ${text}</li>`)}${all.length > anomaliesShown && html`<li class="quiet">and ${grouped(all.length - anomaliesShown)} more</li>`}</ul>`;
}

/** Each operation is a cell as long as it took. */
function lanes(operations: readonly Operation[], answer: Answer): Markup {
  const { processes, timesMs, lanes: all, leftOut } = laneTable(operations);
  const accused = new Set(answer.anomalies.flatMap((anomaly) => anomaly.operations));
  const cell = (lane: (typeof all)[number], row: number): Markup | null => {
    const starts = lane.find(({ from }) => from === row);
    if (starts) {
      const { operation, from, to, ends } = starts;
      const classes = ["operation", operation.outcome, accused.has(operation.index) && "accused", !ends && "open"].filter((name) => name !== false);
      return html`<td class="${classes.join(" ")}" rowspan="${to - from + 1}">${asked(operation)}<div>${answered(operation)}</div><div class="quiet">operation ${operation.index}</div></td>`;
    }
    return lane.some(({ from, to }) => from < row && row <= to) ? null : html`<td></td>`;
  };
  const rows = timesMs.map(
    (time, row) => html`<tr><th scope="row" class="number">${String(Math.round(time * 1000) / 1000)}</th>${all.map((lane) => cell(lane, row))}</tr>`,
  );
  return html`<div class="scroll" tabindex="0"><table class="history-lanes"><thead><tr><th scope="col" class="number">Time (ms)</th>${processes.map((name) => html`<th scope="col">Process ${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>${leftOut > 0 && html`<p class="quiet">and ${grouped(leftOut)} more operations</p>`}`;
}
