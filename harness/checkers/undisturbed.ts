/** AB-7, AB-9, AB-10, AB-26: an operator's change of the deployment costs no client a request. */
import type { Operation } from "../core/history.ts";
import { type Check, type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { type Injection, injectionsOf } from "./injections.ts";
import { at, inTime, ms } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";
import { unlessSaturated } from "./saturation.ts";

export interface UndisturbedOptions {
  /** Names of the operations that count. */
  readonly f: readonly string[];
  /** The change: a file in `harness/faults/`. */
  readonly fault: string;
}

/** What the change set in motion may go on for so long after it (ms). */
const aftermathMs = 2000;
/** Who stands still for so long loses locks and connections by no fault of the change: then a failure decides nothing (ms). */
const standstillMs = 1000;
/** Readings of an instance that has just been started tell of its start: so many are left out. */
const startReadings = 4;
/** What was sent so long before has certainly reached its instance, unless timers lagged (ms). */
const sentBeforeMs = 250;
/** Fewer operations decide nothing (SEMANTICS, "Faults and load"). */
const least = 200;

function changes({ faults }: Evidence, fault: string): readonly Injection[] {
  return injectionsOf(faults).filter((one) => one.fault === fault);
}

/** Of the operations that were under way at some time from the request of the change until it was done, none failed and none was refused. */
export function noneFailed({ f, fault }: UndisturbedOptions): Checker {
  return (evidence) => {
    const ends = loadEndsAt(evidence.operations);
    const found: Counterexample[] = [];
    let examined = 0;
    for (const change of changes(evidence, fault)) {
      const to = Math.min(change.healedAt + aftermathMs, ends);
      const during = evidence.operations.filter(
        (one) => f.includes(one.f) && one.answeredAt >= change.requestedAt && one.invokedAt <= to && Number.isFinite(one.answeredAt),
      );
      examined += during.length;
      for (const one of during) if (one.served !== "yes") found.push({ time: one.answeredAt, text: told(one, change) });
    }
    const text = {
      holds: `None of ${examined} operations failed during ${fault}.`,
      nothing: `${examined} operations were under way during ${fault}; ${least} are needed.`,
    };
    const check = conclude(`no failed request during ${fault}`, examined >= least ? examined : 0, inTime(found), text, { operations: examined });
    return unlessStandstill(evidence, check);
  };
}

/**
 * As a document has it, the change goes on after a pause, whatever the instances say: how many operations that costs is told, and never held against the target. When it costs none, nothing
 * was shown.
 */
export function failsForWantOfReadiness({ f, fault }: UndisturbedOptions): Checker {
  return (evidence) => {
    const during = changes(evidence, fault).flatMap((change) =>
      evidence.operations.filter((one) => f.includes(one.f) && one.answeredAt >= change.requestedAt && one.invokedAt <= change.healedAt),
    );
    const failed = during.filter(({ served }) => served !== "yes").length;
    const text = {
      holds: `As documented, ${failed} of ${during.length} operations failed during ${fault}.`,
      nothing: `None of ${during.length} operations failed during ${fault}: the pause was long enough, or nothing was asked.`,
    };
    return conclude(`what ${fault} costs, as documented`, failed, [], text, { operations: during.length, failed });
  };
}

/** What was sent before the change, and answered after it had begun, was answered well: nobody who was let in is cut off. */
export function underWayIsAnswered({ f, fault }: UndisturbedOptions): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    let examined = 0;
    for (const change of changes(evidence, fault)) {
      const since = change.requestedAt - sentBeforeMs - evidence.deltaMs;
      for (const one of evidence.operations) {
        if (!f.includes(one.f) || one.invokedAt >= since || one.answeredAt <= change.requestedAt || !Number.isFinite(one.answeredAt)) continue;
        examined++;
        if (one.served !== "yes") found.push({ time: one.answeredAt, text: told(one, change) });
      }
    }
    const text = {
      holds: `All ${examined} operations that were under way when ${fault} began were answered.`,
      nothing: `No operation was under way when ${fault} began.`,
    };
    const check = conclude(`what is under way is answered through ${fault}`, examined, inTime(found), text, { underWay: examined });
    return unlessStandstill(evidence, check);
  };
}

/** The longest that the harness or a serving instance stood still (ms). */
function longestStandstillMs({ samples }: Evidence): number {
  const ignored = new Map<string, number>();
  let longest = 0;
  for (const { source, values } of samples) {
    const left = ignored.get(source) ?? 0;
    if (values.ready !== undefined && values.lagMs === undefined) ignored.set(source, startReadings);
    else if (left > 0) ignored.set(source, left - 1);
    else longest = Math.max(longest, values.lagMs ?? 0);
  }
  return longest;
}

function unlessStandstill(evidence: Evidence, check: Check): Check {
  const longest = longestStandstillMs(evidence);
  if (check.verdict !== "violated" || longest <= standstillMs) return unlessSaturated(evidence, standstillMs, check);
  return {
    ...check,
    verdict: "inconclusive",
    summary: `The harness or an instance stood still for ${ms(longest)}, so this decides nothing: ${check.summary}`,
  };
}

function told(operation: Operation, change: Injection): string {
  const { f, process, index, invokedAt, answeredAt, error, served } = operation;
  return `${f} of ${process}, sent at ${at(invokedAt)}, ended with "${error || served}" at ${at(answeredAt)}, while ${change.id} went on from ${at(change.requestedAt)} to ${at(change.healedAt)} (operation ${index}).`;
}
