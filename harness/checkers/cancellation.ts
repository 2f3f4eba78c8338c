/** LG-2: a cancel that was acknowledged ends the run, wherever it was sent; one that was refused leaves the run's end as it was (SEMANTICS, LG-2). */
import type { Operation } from "../core/history.ts";
import { quantile } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { named, sectionsOf } from "./sections.ts";
import { isTerminal, textField, trailOf } from "./trail.ts";

const runOf = (cancel: Operation): string => textField(cancel.input, "run") || cancel.key;

function cancels(evidence: Evidence, outcome: "ok" | "fail"): readonly Operation[] {
  // A refused dial never reached anybody; what was refused on purpose was looked at.
  return evidence.operations.filter((one) => one.f === "cancel" && one.outcome === outcome && (outcome === "ok" || one.served === "shed"));
}

/** An acknowledged cancel was committed before its answer, and the run's only end is `cancelled`; a refused one met a run that had ended. */
export const cancelKept: Checker = (evidence) => {
  const trail = trailOf(evidence.transitions);
  const acknowledged = cancels(evidence, "ok");
  const refused = cancels(evidence, "fail");
  const found: Counterexample[] = [];
  const tolerance = toleranceMs(evidence);
  for (const cancel of [...acknowledged, ...refused]) {
    const ok = cancel.outcome === "ok";
    const end = trail.get(runOf(cancel))?.find((transition) => isTerminal(transition.to));
    // The record may end before a transition that was committed just before it.
    if (end === undefined && cancel.completedAt + tolerance > evidence.endsAt) continue;
    const inTimeForAnswer = end !== undefined && end.time <= cancel.completedAt + evidence.deltaMs;
    if (inTimeForAnswer && (!ok || end.to === "cancelled")) continue;
    const truth = end ? `it became ${end.to} at ${at(end.time)} (transition ${end.seq})` : "it never ended";
    const told = ok ? "was acknowledged" : "was refused as too late";
    const text = `the cancel of run ${runOf(cancel)} ${told} at ${at(cancel.completedAt)} (operation ${cancel.index}), but ${truth}.`;
    found.push({ time: cancel.completedAt, text });
  }
  const examined = acknowledged.length + refused.length;
  const text = {
    holds: `All ${acknowledged.length} acknowledged cancels had been committed, and all ${refused.length} refused ones met a run that had ended.`,
    nothing: "No cancel was answered.",
  };
  return conclude("an acknowledged cancel ends the run", examined, inTime(found), text, {
    acknowledgedCancels: acknowledged.length,
    refusedCancels: refused.length,
  });
};

/**
 * After an acknowledged cancel the run's handler begins no further effect later than the declared time: by the ledger's steps. Handlers that were
 * stopped, and times at which Postgres was disturbed, are not judged; a lost message excuses nothing.
 */
export const cancelStopsEffects: Checker = (evidence) => {
  const property = "a cancelled run stops producing effects";
  const boundMs = evidence.constants.cancelMs;
  if (boundMs === undefined) return outOfReach(property, "cancelMs");
  const tolerance = toleranceMs(evidence);
  const disturbed = injectionsOf(evidence.faults).filter((one) => one.fault === "pause" || one.on.includes("postgres"));
  const { bySubject } = sectionsOf(evidence.ledger, "run");
  const found: Counterexample[] = [];
  const lasted: number[] = [];
  let elsewhere = 0;
  for (const cancel of cancels(evidence, "ok")) {
    // What is begun only after the answer, by whoever had claimed the run before or claims it again, is an effect like any other.
    for (const section of (bySubject.get(runOf(cancel)) ?? []).filter(({ endAt }) => endAt >= cancel.invokedAt)) {
      const until = cancel.completedAt + boundMs;
      const excused = disturbed.some(
        (one) => (one.on === section.instance || one.on.includes("postgres")) && one.requestedAt <= until && one.healedAt >= cancel.invokedAt,
      );
      if (excused) continue;
      if (cancel.by !== section.instance) elsewhere++;
      const last = section.steps.at(-1);
      if (last === undefined) continue;
      lasted.push(Math.max(0, last.time - cancel.completedAt));
      if (last.time <= until + tolerance) continue;
      const text = `the cancel of run ${section.subject} was acknowledged at ${at(cancel.completedAt)} (operation ${cancel.index}), and ${named(section)} began step ${last.step} ${ms(last.time - cancel.completedAt)} later (ledger ${last.seq}); ${ms(boundMs)} are allowed.`;
      found.push({ time: last.time, text });
    }
  }
  const text = {
    holds: `${lasted.length} attempts whose run was cancelled began nothing more, the slowest after ${ms(quantile(lasted, 1))}; ${elsewhere} were cancelled through an instance other than their handler.`,
    nothing: "No run was cancelled while an undisturbed handler was executing it.",
  };
  const numbers = {
    cancelledUnderWay: lasted.length,
    cancelledElsewhere: elsewhere,
    boundMs,
    ...(lasted.length > 0 ? { lastEffectP50Ms: quantile(lasted, 0.5), lastEffectMaxMs: quantile(lasted, 1) } : {}),
  };
  return concludeBound(evidence, boundMs, conclude(property, lasted.length, inTime(found), text, numbers));
};
