/** Which situations the run met: what holds means more where they came about. */
import type { ReportModel } from "../model.ts";
import { grouped } from "../text.ts";
import { weakCoverage } from "../words.ts";
import type { Markup } from "./markup.ts";
import { anchor, html } from "./markup.ts";
import { icon, jump, plural } from "./parts.ts";

export function situations(model: ReportModel): Markup | null {
  if (model.sometimes.length === 0) return null;
  const order = model.sometimes.toSorted((a, b) => a.count - b.count);
  return html`<section id="_situations"><h2>Situations</h2>
<p>A claim that holds means more where these came about. ${weakCoverage(model.sometimes) || "All of them did."} That decides no claim.</p>
<div class="scroll" tabindex="0"><table class="plain situations"><thead><tr><th scope="col">Sometimes</th><th scope="col" class="number">Times</th><th scope="col">Met in</th></tr></thead><tbody>${order.map(
    (one) => row(one, model),
  )}</tbody></table></div></section>`;
}

function row({ id, what, count, seenIn }: ReportModel["sometimes"][number], model: ReportModel): Markup {
  const places = seenIn.map((experiment) => {
    const first = model.experiments.find((one) => one.verdict.experiment === experiment)?.verdict.sometimes.find((one) => one.id === id)?.first;
    return html`<div><a href="${anchor(experiment)}">${experiment}</a>${first ? html`, first ${jump(experiment, "", first.time, "on its timeline")}<div class="quiet">${first.text}</div>` : null}</div>`;
  });
  return html`<tr><td>${icon(count > 0 ? "holds" : "not tried")}${what}</td><td class="number">${count > 0 ? grouped(count) : "never"}</td><td>${places.slice(0, 3)}${places.length > 3 && html`<div class="quiet">and in ${plural(places.length - 3, "more experiment")}</div>`}</td></tr>`;
}
