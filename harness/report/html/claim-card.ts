/** A claim as one experiment judged it: the document's sentence, what was measured, and for a violation the smallest evidence. */
import type { Check, ClaimVerdict, SuiteVerdict } from "../../core/verdict.ts";
import { type EvidenceCase, type ExperimentReport, verdictOrder } from "../model.ts";
import { figure, grouped, moment } from "../text.ts";
import { evidence } from "./evidence.ts";
import type { Markup } from "./markup.ts";
import { anchor, html } from "./markup.ts";
import { badge, facts, icon, jump, kind, plural, readings } from "./parts.ts";

export function claimCard(claim: ClaimVerdict, { verdict, evidence: cases }: ExperimentReport, claims: SuiteVerdict["claims"]): Markup {
  const experiment = verdict.experiment;
  const about = claims.find((one) => one.id === claim.claim) ?? null;
  const id = decodeURIComponent(anchor(experiment, claim.claim).slice(1));
  // Where the claim says no more than its checks below, it is not said twice.
  const told = claim.checks.some((check) => check.summary !== "" && claim.summary.includes(check.summary));
  const first = claim.checks.flatMap((check) => check.counterexamples).toSorted((a, b) => a.time - b.time)[0] ?? null;
  // Beside what is violated or undecided, what holds is for later.
  const folded = claim.verdict === "holds" ? [] : claim.checks.filter((check) => check.verdict === "holds");
  const shown = claim.checks
    .filter((check) => !folded.includes(check))
    .toSorted((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict));
  return html`<article class="claim ${kind(claim.verdict)}" id="${id}" tabindex="-1" data-verdict="${kind(claim.verdict)}"><header><p class="eyebrow">${badge(claim.verdict)}<a href="${anchor(experiment, claim.claim)}">${claim.claim}</a>${about && html`<span>${about.document}</span>`}${first && claim.verdict === "violated" && jump(experiment, claim.claim, first.time, "Jump to the first")}</p>
${about && html`<h4 class="sentence">${about.statement}</h4>${readings(about)}`}</header>
${told ? null : html`<p class="summary">${claim.summary}</p>`}${shown.map((check) => checkBlock(check, experiment, claim.claim, cases))}
${folded.length > 0 && html`<details class="others"><summary>${plural(folded.length, "other check")} hold${folded.length === 1 ? "s" : ""}</summary>${folded.map((check) => checkBlock(check, experiment, claim.claim, cases))}</details>`}</article>`;
}

const places: Readonly<Record<number, readonly string[]>> = { 1: [""], 2: ["First", "Last"], 3: ["First", "Worst or middle", "Last"] };
/** Figures that most readers look for first; the rest is folded. */
const figuresAtMost = 8;

export function checkBlock(check: Check, experiment: string, claim: string, cases: readonly EvidenceCase[], level: "h4" | "h5" = "h5"): Markup {
  const labels = places[check.counterexamples.length] ?? [];
  const found = check.counterexamples.map(({ time, text }, i) => {
    const shown =
      cases.find((one) => one.text === text) ??
      cases.find((one) => one.claim === claim && one.property === check.property && one.place === i) ??
      null;
    return html`<li><span class="place">${labels[i] || "Found"}</span>${jump(experiment, claim, time, moment(time))}<span>${text}</span>${shown && evidence(shown, experiment, i === 0)}</li>`;
  });
  const bounds = boundsOf(check);
  const tag = { markup: level };
  return html`<div class="check"><${tag}>${icon(check.verdict)}<span class="unseen">${check.verdict}: </span>${check.property}<span class="quiet">examined ${grouped(check.examined)}${check.count > 0 && `, ${plural(check.count, "counterexample")}`}</span></${tag}>
${check.verdict !== "violated" && html`<p>${check.summary}</p>`}${bounds && html`<p class="bound">${bounds}</p>`}${found.length > 0 && html`<ol class="counterexamples">${found}</ol>`}${figures(check.numbers)}</div>`;
}

/** What was allowed, where the check says it as a figure. */
function boundsOf({ numbers }: Check): string {
  const bounds = Object.entries(numbers).filter(([name]) => /bound|allowed|atLeast|atMost|limit/i.test(name));
  return bounds.map(([name, value]) => figure(name, value).join(" ")).join(", ");
}

export function figures(numbers: Readonly<Record<string, number>>): Markup | null {
  const all = Object.entries(numbers).map(([name, value]) => figure(name, value));
  if (all.length === 0) return null;
  const rest = all.slice(figuresAtMost);
  return html`${facts(all.slice(0, figuresAtMost))}${rest.length > 0 && html`<details class="figures"><summary>${plural(rest.length, "more figure")}</summary>${facts(rest)}</details>`}`;
}
