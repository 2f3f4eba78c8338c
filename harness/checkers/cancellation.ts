/**
 * LG-2: a cancel that was acknowledged ends the run, wherever it was sent; one that was refused leaves the run's end as it was (SEMANTICS, LG-2). Whoever takes a run's place in its
 * thread (`threads.ts`) cancels it as well.
 */
import type { Operation } from "../core/history.ts";
import { quantile } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { named, type Section, sectionsOf } from "./sections.ts";
import { firstAfter } from "./threads.ts";
import { endOf, textField, trailOf } from "./trail.ts";

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
    const end = endOf(trail.get(runOf(cancel)));
    // The record may end before a transition that was committed just before it.
    if (end === undefined && cancel.completedAt + tolerance > evidence.endsAt) continue;
    // The trail is told by another clock than the client's, and each by another than the harness's.
    const inTimeForAnswer = end !== undefined && end.time <= cancel.completedAt + 2 * evidence.deltaMs;
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

/** A run that was cancelled, and by what: an operation that was acknowledged. */
interface Cancelled {
  readonly run: string;
  readonly cancel: Operation;
  readonly what: "cancel" | "interrupt";
}

/** Of what an interrupt met, only what it cancelled: the rest had ended by itself. */
function cancelledRuns(evidence: Evidence): readonly Cancelled[] {
  const trail = trailOf(evidence.transitions);
  const isCancelled = (run: string): boolean => endOf(trail.get(run))?.to === "cancelled";
  const interrupts = [...firstAfter(evidence.operations, "interrupt")].filter(([{ run }]) => isCancelled(run));
  return [
    ...cancels(evidence, "ok").map((cancel) => ({ run: runOf(cancel), cancel, what: "cancel" as const })),
    ...interrupts.map(([{ run }, { create }]) => ({ run, cancel: create, what: "interrupt" as const })),
  ];
}

interface UnderWay {
  readonly cancel: Operation;
  /** In words: "the cancel of run 1". */
  readonly told: string;
  readonly section: Section;
  /** The declared time after the answer (ms). */
  readonly until: number;
}

/**
 * The attempts that an acknowledged cancel had to reach. Handlers that were stopped, and times at which Postgres was disturbed, are not among them; a lost message
 * excuses nothing.
 */
function cancelledUnderWay(evidence: Evidence, boundMs: number): UnderWay[] {
  const disturbed = injectionsOf(evidence.faults).filter((one) => one.fault === "pause" || one.on.includes("postgres"));
  const { bySubject } = sectionsOf(evidence.ledger, "run");
  const found: UnderWay[] = [];
  for (const { run, cancel, what } of cancelledRuns(evidence)) {
    const told = `the ${what} of run ${run}`;
    // What is begun only after the answer, by whoever had claimed the run before or claims it again, is an effect like any other.
    for (const section of (bySubject.get(run) ?? []).filter(({ endAt }) => endAt >= cancel.invokedAt)) {
      const until = cancel.completedAt + boundMs;
      const excused = disturbed.some(
        (one) => (one.on === section.instance || one.on.includes("postgres")) && one.requestedAt <= until && one.healedAt >= cancel.invokedAt,
      );
      if (!excused) found.push({ cancel, told, section, until });
    }
  }
  return found;
}

/** After an acknowledged cancel the run's handler begins no further effect later than the declared time: by the ledger's steps. */
export const cancelStopsEffects: Checker = (evidence) => {
  const property = "a cancelled run stops producing effects";
  const boundMs = evidence.constants.cancelMs;
  if (boundMs === undefined) return outOfReach(property, "cancelMs");
  const tolerance = toleranceMs(evidence, boundMs);
  const found: Counterexample[] = [];
  const lasted: number[] = [];
  let elsewhere = 0;
  for (const { cancel, told, section, until } of cancelledUnderWay(evidence, boundMs)) {
    if (cancel.by !== section.instance) elsewhere++;
    const last = section.steps.at(-1);
    if (last === undefined) continue;
    lasted.push(Math.max(0, last.time - cancel.completedAt));
    if (last.time <= until + tolerance) continue;
    const text = `${told} was acknowledged at ${at(cancel.completedAt)} (operation ${cancel.index}), and ${named(section)} began step ${last.step} ${ms(last.time - cancel.completedAt)} later (ledger ${last.seq}); ${ms(boundMs)} are allowed.`;
    found.push({ time: last.time, text });
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

/**
 * A cancel reaches the handler in the midst of a step, too: by the declared time the attempt has left, and works for nobody no more. Judged by when the ledger had its
 * exit or lost its connection, so not while faults were on the way to the ledger.
 */
export const cancelEndsWork: Checker = (evidence) => {
  const property = "a cancel reaches the handler in the midst of a step";
  const boundMs = evidence.constants.cancelMs;
  if (boundMs === undefined) return outOfReach(property, "cancelMs");
  const tolerance = toleranceMs(evidence, boundMs);
  const cut = injectionsOf(evidence.faults).filter(({ on }) => on.includes("ledger"));
  const found: Counterexample[] = [];
  const lasted: number[] = [];
  for (const { cancel, told, section, until } of cancelledUnderWay(evidence, boundMs)) {
    if (until + tolerance > evidence.endsAt || cut.some((one) => one.requestedAt <= until && one.healedAt >= cancel.invokedAt)) continue;
    const endAt = Math.min(section.endAt, evidence.endsAt);
    lasted.push(Math.max(0, endAt - cancel.completedAt));
    if (endAt <= until + tolerance) continue;
    const truth =
      section.end === "open" ? "had not left when the record ended" : `left only ${ms(endAt - cancel.completedAt)} later (ledger ${section.endSeq})`;
    const text = `${told} was acknowledged at ${at(cancel.completedAt)} (operation ${cancel.index}), and ${named(section)} ${truth}; ${ms(boundMs)} are allowed.`;
    found.push({ time: endAt, text });
  }
  const text = {
    holds: `${lasted.length} attempts whose run was cancelled had left within ${ms(quantile(lasted, 1))}.`,
    nothing: "No run was cancelled while an undisturbed handler was executing it.",
  };
  const numbers = {
    reached: lasted.length,
    boundMs,
    ...(lasted.length > 0 ? { leftP50Ms: quantile(lasted, 0.5), leftMaxMs: quantile(lasted, 1) } : {}),
  };
  return concludeBound(evidence, boundMs, conclude(property, lasted.length, inTime(found), text, numbers));
};
