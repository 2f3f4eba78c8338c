/** Small pieces that several sections of the page use. */
import type { SuiteVerdict, Verdict } from "../../core/verdict.ts";
import { grouped, oneLine } from "../text.ts";
import type { Markup } from "./markup.ts";
import { anchor, html } from "./markup.ts";

// A shape of its own for each verdict, so that it can be told without colour.
const shapes: Readonly<Record<Verdict, Markup>> = {
  holds: html`<circle class="body" cx="8" cy="8" r="7"/><path class="sign" d="M4.6 8.3l2.3 2.3 4.5-4.9"/>`,
  violated: html`<path class="body" d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z"/><path class="sign" d="M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2"/>`,
  inconclusive: html`<path class="body" d="M8 .9L15.4 14.4H.6z"/><path class="sign" d="M8 5.6v4M8 11.9v.4"/>`,
  "out of reach": html`<circle class="line" cx="8" cy="8" r="6.2"/><path class="line" d="M3.7 12.3l8.6-8.6"/>`,
  "not tried": html`<circle class="line" cx="8" cy="8" r="6.2" stroke-dasharray="2.2 2"/>`,
};

/** Name of a verdict that CSS can use. */
export function kind(verdict: Verdict): string {
  return verdict.replaceAll(" ", "-");
}

/** The verdict's shape alone; the word must stand nearby. */
export function icon(verdict: Verdict): Markup {
  return html`<svg class="icon ${kind(verdict)}" viewBox="0 0 16 16" aria-hidden="true">${shapes[verdict]}</svg>`;
}

/** Shape and word. */
export function badge(verdict: Verdict): Markup {
  return html`<span class="badge ${kind(verdict)}">${icon(verdict)}${verdict}</span>`;
}

/** A command with a button that copies it. */
export function command(text: string): Markup {
  if (text === "") return html`<span class="quiet">not recorded</span>`;
  return html`<span class="command"><code tabindex="0">${oneLine(text)}</code><button type="button" class="copy" hidden>Copy</button></span>`;
}

/** A link that brings an experiment's timeline to a moment; it can be sent to somebody. */
export function jump(experiment: string, claim: string, timeMs: number, label: string): Markup {
  return html`<a class="jump" href="${anchor(experiment, claim)}@${(timeMs / 1000).toFixed(3)}">${label}</a>`;
}

/** Names and values. */
export function facts(rows: readonly (readonly [name: string, value: Markup | string])[]): Markup {
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** Sentences that qualify what is shown: damaged files, an experiment that failed. */
export function notice(title: string, sentences: readonly string[]): Markup | null {
  if (sentences.length === 0) return null;
  return html`<aside class="notice"><strong>${title}</strong>${sentences.length === 1 ? html`<p>${sentences[0] ?? ""}</p>` : html`<ul>${sentences.map((text) => html`<li>${text}</li>`)}</ul>`}</aside>`;
}

/** Where a document is wrong: its own words in ours, and what can hold in their place. */
export function readings({ documented, corrected }: SuiteVerdict["claims"][number]): Markup | null {
  if (documented === "" && corrected === "") return null;
  return html`<dl class="readings"><div><dt>As documented</dt><dd>${documented}</dd></div><div><dt>As corrected</dt><dd>${corrected}</dd></div></dl>`;
}

/** "1 experiment", "2 experiments". */
export function plural(n: number, word: string): string {
  return `${grouped(n)} ${word}${n === 1 ? "" : "s"}`;
}
