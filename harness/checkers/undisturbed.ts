/** AB-7, AB-9, AB-10, AB-26: an operator's change of the deployment costs no client a request. */
import { type Operation, tookMs } from "../core/history.ts";
import { type Check, type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { type Injection, injectionsOf } from "./injections.ts";
import { at, inTime, ms } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";
import { busyAbout, unlessExcused } from "./saturation.ts";

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
/** What it lost by that may show so long before or after (ms). */
const nearMs = 10_000;
/** Readings of an instance that has just been started tell of its start: so many are left out. */
const startReadings = 4;
/** What was sent so long before has certainly reached its instance, unless timers lagged (ms). */
const sentBeforeMs = 250;
/** Who has waited for so long when the load ends, and for so many times as long as anybody who was served, waits for what does not come (ms). */
const hangMs = 10_000;
const hangTimes = 3;
/** Fewer operations decide nothing (SEMANTICS, "Faults and load"). */
const least = 200;

function changes({ faults }: Evidence, fault: string): readonly Injection[] {
  return injectionsOf(faults).filter((one) => one.fault === fault);
}

/** When an operation was seen to have failed (ms), undefined if it was served; null: it was still waited for when the load ended, which decides nothing yet. */
function failures({ operations }: Evidence, ends: number): (one: Operation) => number | undefined | null {
  const longest = new Map<string, number>();
  for (const one of operations) if (one.served === "yes") longest.set(one.f, Math.max(longest.get(one.f) ?? 0, tookMs(one)));
  return (one) => {
    if (Number.isFinite(one.answeredAt)) return one.served === "yes" ? undefined : one.answeredAt;
    return ends - one.invokedAt > Math.max(hangMs, hangTimes * (longest.get(one.f) ?? 0)) ? ends : null;
  };
}

/**
 * Of the operations that were under way at some time from the request of the change until it was done, none failed and none was refused. `afterMs`: who was told so sooner is not counted, where
 * a connection that is kept may be closed just as it is used (SEMANTICS, "Faults and load").
 */
export function noneFailed({ f, fault, afterMs = 0 }: UndisturbedOptions & { readonly afterMs?: number }): Checker {
  return (evidence) => {
    const ends = loadEndsAt(evidence.operations.filter((one) => f.includes(one.f)));
    const failedAt = failures(evidence, ends);
    const found: Counterexample[] = [];
    let examined = 0;
    const all = injectionsOf(evidence.faults);
    for (const change of changes(evidence, fault)) {
      // One that was not seen healed lasts until another one is asked for.
      const next = Number.isFinite(change.healedAt) ? undefined : all.find((other) => other.fault !== fault && other.requestedAt > change.healingAt);
      const over = next?.requestedAt ?? Number.POSITIVE_INFINITY;
      const to = Math.min(change.healedAt + aftermathMs, over, ends);
      for (const one of evidence.operations) {
        if (!f.includes(one.f) || one.answeredAt < change.requestedAt || one.invokedAt > to) continue;
        const time = failedAt(one);
        if (time === null || (time ?? one.answeredAt) >= over) continue;
        examined++;
        if (time !== undefined && time - one.invokedAt >= afterMs) found.push({ time: one.invokedAt, until: time, text: told(one, change, time) });
      }
    }
    const text = {
      holds: `None of ${examined} operations failed during ${fault}${afterMs > 0 ? ` once it had been worked on for ${ms(afterMs)}` : ""}.`,
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

/** What was sent before the change, and answered after it had begun, was answered well: nobody who was let in is cut off or left waiting. */
export function underWayIsAnswered({ f, fault }: UndisturbedOptions): Checker {
  return (evidence) => {
    const failedAt = failures(evidence, loadEndsAt(evidence.operations.filter((one) => f.includes(one.f))));
    const found: Counterexample[] = [];
    let examined = 0;
    for (const change of changes(evidence, fault)) {
      const since = change.requestedAt - sentBeforeMs - evidence.deltaMs;
      for (const one of evidence.operations) {
        if (!f.includes(one.f) || one.invokedAt >= since || one.answeredAt <= change.requestedAt) continue;
        const time = failedAt(one);
        if (time === null) continue;
        examined++;
        if (time !== undefined) found.push({ time: one.invokedAt, until: time, text: told(one, change, time) });
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

/**
 * An instance that is told to stop answers whatever still reaches it, over connections that were kept: until its process has ended it tells nobody with a 5xx of its own that it will not. A connection
 * that is closed just as it is used is something else: that answer is the balancer's, and names no instance (SEMANTICS, "Faults and load"). `f`: operations that nothing else
 * under this load has refused.
 */
export function answersToItsEnd({ f, fault }: UndisturbedOptions): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    let examined = 0;
    for (const change of changes(evidence, fault)) {
      const told = change.requestedAt + evidence.deltaMs;
      for (const one of evidence.operations) {
        // Whoever answers after the heal is another process, which may say that it only starts.
        if (one.by !== change.on || !f.includes(one.f) || one.invokedAt <= told || one.answeredAt >= change.healingAt - evidence.deltaMs) continue;
        examined++;
        if (/^status 5\d\d\b/.test(one.error)) found.push({ time: one.invokedAt, until: one.answeredAt, text: refused(one, change) });
      }
    }
    const text = {
      holds: `All ${examined} operations that still reached an instance after ${fault} had been asked for were answered by it.`,
      nothing: `No operation reached an instance after ${fault} had been asked for.`,
    };
    const check = conclude(`who stops refuses nobody in ${fault}`, examined, inTime(found), text, { stillReached: examined });
    return unlessStandstill(evidence, check);
  };
}

/** When the harness or a serving instance stood still for too long, and for how long (ms). */
function standstills({ samples }: Evidence): readonly { readonly from: number; readonly to: number }[] {
  const ignored = new Map<string, number>();
  const found: { readonly from: number; readonly to: number }[] = [];
  for (const { source, time, values } of samples) {
    const left = ignored.get(source) ?? 0;
    if (values.ready !== undefined && values.lagMs === undefined) ignored.set(source, startReadings);
    else if (left > 0) ignored.set(source, left - 1);
    else if ((values.lagMs ?? 0) > standstillMs) found.push({ from: time - (values.lagMs ?? 0), to: time });
  }
  return found;
}

/** A failure decides nothing where somebody stood still while it was under way, or shortly before. */
export function unlessStandstill(evidence: Evidence, check: Check): Check {
  const all = standstills(evidence);
  const stood = (time: number, until: number): string | undefined => {
    const near = all.find(({ from, to }) => from <= until + nearMs && to >= time - nearMs);
    return near && `the harness or an instance stood still for ${ms(near.to - near.from)}`;
  };
  return unlessExcused(check, (time, until) => stood(time, until) ?? busyAbout(evidence.samples, standstillMs, time, until));
}

function told({ f, process, index, invokedAt, answeredAt, error, served }: Operation, change: Injection, time: number): string {
  const how = Number.isFinite(answeredAt) ? `ended with "${error || served}" at ${at(time)}` : `had no answer when the load ended at ${at(time)}`;
  return `${f} of ${process}, sent at ${at(invokedAt)}, ${how}, while ${change.id} went on from ${at(change.requestedAt)} to ${at(change.healedAt)} (operation ${index}).`;
}

function refused({ f, process, index, invokedAt, answeredAt, error, by }: Operation, { id, requestedAt }: Injection): string {
  return `${f} of ${process}, sent at ${at(invokedAt)}, was answered "${error}" at ${at(answeredAt)} by ${by} itself, which had been told to stop (${id}) at ${at(requestedAt)} (operation ${index}).`;
}
