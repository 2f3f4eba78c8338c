/** A counterexample with its records: lanes of who did what, the same as numbered sentences, and what was logged meanwhile. */
import type { EvidenceCase, EvidenceEvent, EvidenceLane, LogExcerpt } from "../model.ts";
import { duration, grouped, moment } from "../text.ts";
import type { Markup } from "./markup.ts";
import { html } from "./markup.ts";
import { jump, plural } from "./parts.ts";

/** Events nearer than this share of the width get one mark. */
const apartPercent = 2.6;
const shortest = 0.4;

/** @param open whether it is unfolded from the start */
export function evidence(one: EvidenceCase, experiment: string, open: boolean): Markup {
  const first = one.events.find(({ cited }) => cited)?.time ?? one.time;
  const about = one.subjects.length > 0 && html` of <code>${one.subjects.join(", ")}</code>`;
  return html`<details class="case"${open && { markup: " open" }}><summary>Evidence <span class="quiet">${plural(one.events.length, "record")}${about}, ${duration(one.to - one.from)}</span></summary>
<figure><figcaption>${jump(experiment, one.claim, first, "Jump to the first record that is cited")}</figcaption>
<div class="case-lanes" aria-hidden="true">${one.lanes.map((lane) => laneRow(lane, one))}<div class="case-lane axis"><span class="lane-name"></span><div class="track"><span>${moment(one.from)}</span><span>${moment(one.to)}</span></div></div></div>
<ol class="events">${one.events.map((event) => eventRow(event, one, experiment))}</ol>
${one.leftOut > 0 && html`<p class="quiet">${plural(one.leftOut, "more record")} farther away in time ${one.leftOut === 1 ? "is" : "are"} in the files beside this page.</p>`}</figure>
${logs(one.logs, experiment, one.claim)}</details>`;
}

function eventRow({ number, time, lane, text, cited }: EvidenceEvent, { claim }: EvidenceCase, experiment: string): Markup {
  return html`<li class="${cited ? "cited" : ""}"><span class="no">${number}</span>${jump(experiment, claim, time, moment(time))}<span class="who">${lane}</span><span class="did">${text}${cited && html` <strong class="cites">cited</strong>`}</span></li>`;
}

function laneRow(lane: EvidenceLane, one: EvidenceCase): Markup {
  const place = (time: number): number => Math.min(100, Math.max(0, (100 * (time - one.from)) / (one.to - one.from)));
  const bars = packed(
    lane.bars.map((bar) => ({ ...bar, left: place(bar.from), right: Math.max(place(bar.from) + shortest, place(bar.to ?? one.to)) })),
  );
  const rows = Math.max(1, ...bars.map(({ row }) => row + 1));
  const marks = grouping(
    one.events.filter((event) => event.lane === lane.name),
    place,
  );
  return html`<div class="case-lane"><span class="lane-name">${lane.name}</span><div class="track" style="height:${rows * 20 + (marks.length > 0 ? 20 : 2)}px">
${bars.map(({ kind, label, cited, to, left, right, row }) => html`<span class="bar is-${kind}${cited ? " cited" : ""}${to === null ? " open" : ""}${left > 70 ? " late" : ""}" style="left:${left.toFixed(2)}%;width:${(right - left).toFixed(2)}%;top:${row * 20}px"><span>${label}</span></span>`)}
${marks.map(({ label, left, cited }) => html`<span class="dot${cited ? " cited" : ""}" style="left:${left.toFixed(2)}%">${label}</span>`)}</div></div>`;
}

/** Each bar in the first row that is free where it lies, its label included. */
function packed<T extends { readonly left: number; readonly right: number; readonly label: string }>(
  bars: readonly T[],
): readonly (T & { row: number })[] {
  const until: number[] = [];
  return bars
    .toSorted((a, b) => a.left - b.left)
    .map((bar) => {
      const free = until.findIndex((end) => end <= bar.left);
      const row = Math.min(5, free < 0 ? until.length : free);
      until[row] = Math.max(bar.right, bar.left + bar.label.length * 1.15) + 0.4;
      return { ...bar, row };
    });
}

/** Marks that would overlap become one: "3", "4–6". */
function grouping(events: readonly EvidenceEvent[], place: (time: number) => number): readonly { label: string; left: number; cited: boolean }[] {
  const groups: { first: number; last: number; left: number; right: number; cited: boolean }[] = [];
  for (const { number, time, cited } of events) {
    const at = place(time);
    const before = groups[groups.length - 1];
    if (before && at - before.right < apartPercent) Object.assign(before, { last: number, right: at, cited: before.cited || cited });
    else groups.push({ first: number, last: number, left: at, right: at, cited });
  }
  return groups.map(({ first, last, left, right, cited }) => ({
    label: first === last ? String(first) : `${first}–${last}`,
    left: (left + right) / 2,
    cited,
  }));
}

function logs(all: readonly LogExcerpt[], experiment: string, claim: string): Markup | null {
  if (all.length === 0) return null;
  const lines = all.reduce((sum, { lines }) => sum + lines.length, 0);
  return html`<details class="logs"><summary>Logs around it <span class="quiet">${plural(lines, "line")} of ${all.map(({ instance }) => instance).join(", ")}</span></summary>
<p class="quiet">Lines within 1.5 s, those that name what it is about first; times are the wall clock's, to about a hundredth of a second.</p>
${all.map(
  ({
    instance,
    lines,
    more,
  }) => html`<section class="log" aria-label="Log of ${instance}"><h6>${instance}${more > 0 && html` <span class="quiet">${grouped(more)} more in logs/</span>`}</h6>
<ol>${lines.map(({ time, text }) => html`<li>${jump(experiment, claim, time, moment(Math.round(time)))}<code>${text}</code></li>`)}</ol></section>`,
)}</details>`;
}
