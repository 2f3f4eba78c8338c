/** Which situations the run met: what holds means more where they came about. */
import type { ReportModel } from "../model.ts";
import { grouped, moment } from "../text.ts";
import type { Markup } from "./markup.ts";
import { anchor, html } from "./markup.ts";
import { jump, plural } from "./parts.ts";

/** A table of those that were met, and folded below it those that never were. */
export function situations(model: ReportModel): Markup | null {
  if (model.sometimes.length === 0) return null;
  const met = model.sometimes.filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count);
  const never = model.sometimes.filter(({ count }) => count === 0);
  const weak =
    never.length > 0 ? `${never.length} of ${model.sometimes.length} never did: weak coverage, which decides no claim.` : "All of them did.";
  return html`<h3>Situations</h3><p class="quiet">A claim that holds means more where these came about. ${weak}</p>
${met.length > 0 && html`<div class="scroll" tabindex="0" role="group" aria-label="Situations that were met"><table class="plain situations"><thead><tr><th scope="col">Sometimes</th><th scope="col" class="number">Times</th><th scope="col">Met in</th></tr></thead><tbody>${met.map((one) => row(one, model))}</tbody></table></div>`}
${never.length > 0 && html`<details class="never"><summary>${plural(never.length, "situation")} never met</summary><ul>${never.map(({ id, what }) => html`<li>${what} <span class="quiet">${id}</span></li>`)}</ul></details>`}`;
}

function row({ id, what, count, seenIn }: ReportModel["sometimes"][number], model: ReportModel): Markup {
  const places = seenIn.map((experiment) => {
    const first = model.experiments.find((one) => one.verdict.experiment === experiment)?.verdict.sometimes.find((one) => one.id === id)?.first;
    return html`<div><a href="${anchor(experiment)}">${experiment}</a>${first ? html`, first at ${jump(experiment, "", first.time, moment(first.time))}<div class="quiet">${first.text}</div>` : null}</div>`;
  });
  return html`<tr><td>${what}<div class="quiet">${id}</div></td><td class="number">${grouped(count)}</td><td>${places.slice(0, 3)}${places.length > 3 && html`<div class="quiet">and in ${plural(places.length - 3, "more experiment")}</div>`}</td></tr>`;
}
