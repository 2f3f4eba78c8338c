/** LG-5: external effects, by the ledger (SEMANTICS, "Exactly-once" 5 and 6). */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { at, inTime, toleranceMs } from "./judge.ts";
import { named, type Section, sameReport, sectionsOf } from "./sections.ts";
import { acknowledgedRuns, isClaim, isRequeue, numberField, trailOf } from "./trail.ts";

/**
 * Within an attempt each step is executed once and in order, and none after its exit. Across attempts effects repeat by nature: they are counted as
 * at-least-once where the older attempt was given back before the newer one was claimed, and violate elsewhere.
 */
export const effectsOnce: Checker = (evidence) => {
  const { bySubject, oddities } = sectionsOf(evidence.ledger, "run");
  const trail = trailOf(evidence.transitions);
  const found: Counterexample[] = [...oddities];
  let effects = 0;
  let repeated = 0;
  for (const [run, sections] of bySubject) {
    const executed = new Map<number, { readonly section: Section; readonly nonce: string }>();
    const accused = new Set<Section>();
    for (const section of sections) {
      for (const step of section.steps) {
        effects++;
        const before = executed.get(step.step);
        executed.set(step.step, { section, nonce: step.nonce });
        if (before === undefined || before.section === section) continue;
        if (step.nonce !== "" && before.nonce === step.nonce) continue;
        repeated++;
        if (accused.has(section)) continue;
        const why = unexplained(before.section, section, trail.get(run));
        if (why === null) continue;
        accused.add(section);
        const text = `step ${step.step} of run ${run} was executed by ${named(before.section)} and again by ${named(section)}, ${why} (ledger ${step.seq}, at ${at(step.time)}).`;
        found.push({ time: step.time, text });
      }
    }
  }
  const text = {
    holds: `Each of ${effects} steps was executed once by its attempt; ${repeated} were repeated by a later attempt after the earlier one was given back (at least once).`,
    nothing: "The ledger saw no step of a run.",
  };
  return conclude("effects once for each attempt", effects, inTime(found), text, { effects, effectsRepeated: repeated });
};

/** Why a repetition is no at-least-once; null when it is, or when the trail knows nothing of the run. */
function unexplained(
  a: Section,
  b: Section,
  transitions: ReturnType<typeof trailOf> extends ReadonlyMap<string, infer T> ? T | undefined : never,
): string | null {
  if (a.token === b.token) return sameReport(a, b) ? null : "which is the same attempt";
  if (transitions === undefined) return null;
  const [older, newer] = a.token < b.token ? [a, b] : [b, a];
  const claimed = transitions.findIndex((transition) => isClaim(transition) && transition.attempt === newer.token);
  const givenBack = transitions.findIndex((transition) => isRequeue(transition) && transition.attempt === older.token);
  if (givenBack !== -1 && (claimed === -1 || givenBack < claimed)) return null;
  return `and attempt ${older.token} had never been given back`;
}

/** A run that ended in success has an attempt in the ledger that entered and made every step it was asked for. */
export const successHasEffects: Checker = (evidence) => {
  const { all, bySubject } = sectionsOf(evidence.ledger, "run");
  const wanted = acknowledgedRuns(evidence.operations);
  const found: Counterexample[] = [];
  let examined = 0;
  for (const [run, transitions] of all.length === 0 ? [] : trailOf(evidence.transitions)) {
    const success = transitions.find((transition) => transition.to === "success");
    // A success in the last moments may be younger than the copy of the ledger.
    if (success === undefined || success.time + toleranceMs(evidence) > evidence.endsAt) continue;
    examined++;
    const sections = (bySubject.get(run) ?? []).filter((section) => section.token === success.attempt);
    const steps = new Set(sections.flatMap((section) => section.steps.map((step) => step.step)));
    const missing = missingStep(steps, wanted.get(run));
    if (sections.length > 0 && missing === 0) continue;
    const lacks = sections.length === 0 ? "never entered" : `never made step ${missing}`;
    const text = `run ${run} ended in success by ${success.by || "someone"} with attempt ${success.attempt}, which according to the ledger ${lacks} (transition ${success.seq}, at ${at(success.time)}).`;
    found.push({ time: success.time, text });
  }
  const text = {
    holds: `Each of ${examined} successful runs made its steps at the ledger.`,
    nothing: "No run ended in success, or there is no ledger.",
  };
  return conclude("success has its effects", examined, inTime(found), text, { successes: examined });
};

/** The first step that is not there, 0 if none; at least one step is wanted of every run. */
function missingStep(steps: ReadonlySet<number>, create: Operation | undefined): number {
  const asked = create === undefined ? Number.NaN : numberField(create.input, "steps");
  if (!(asked >= 1)) return steps.size > 0 ? 0 : 1;
  for (let step = 1; step <= asked; step++) if (!steps.has(step)) return step;
  return 0;
}
