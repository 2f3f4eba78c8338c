/** HS-6, HS-7: a lock outlives its holder by its lease and no longer, whether the holder left or died (SEMANTICS, "Locks, leaders, fencing"). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { roleOf } from "./acts.ts";
import { calmStretches, isCalm } from "./calm.ts";
import { injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";
import { sectionsOf } from "./sections.ts";

/** From when a lease is over until whoever waits has asked for the lock again (ms). */
const slackMs = 1000;

/**
 * Whoever asks for a lock in vain for longer than a lease finds somebody inside at some time in the last lease of the waiting: operations `f` are about what is locked,
 * and are refused (503) when the lock could not be had, or wait on, until the client or the load gives up. Times at which a dependency was disturbed are not judged, as then
 * they are refused for that; nor is who waits on near any fault, perhaps at an instance that is stopped or gone, nor who was refused by one that was struck meanwhile.
 */
export function lockComesFree({ f }: { readonly f: readonly string[] }): Checker {
  return (evidence) => {
    const property = "a lock comes free with its lease";
    const { lockLeaseMs } = evidence.constants;
    if (lockLeaseMs === undefined) return outOfReach(property, "lockLeaseMs");
    const boundMs = lockLeaseMs + slackMs;
    const tolerance = toleranceMs(evidence, boundMs);
    const { all, bySubject } = sectionsOf(evidence.ledger, "lock");
    const injections = injectionsOf(evidence.faults);
    const dependencies = injections.filter(({ on }) => /postgres|redis/.test(on));
    const struck = (by: string, from: number, to: number): boolean =>
      injections.some(({ on, requestedAt, healedAt }) => (by === "" || on === by || on === roleOf(by)) && requestedAt <= to && healedAt >= from);
    const found: Counterexample[] = [];
    const calm = calmStretches(evidence);
    const ends = loadEndsAt(evidence.operations);
    let inVain = 0;
    for (const operation of all.length === 0 ? [] : evidence.operations) {
      const { key, invokedAt, answeredAt, served } = operation;
      if (!f.includes(operation.f) || served === "yes") continue;
      const isRefused = served === "shed" && Number.isFinite(answeredAt);
      const until = Number.isFinite(answeredAt) ? answeredAt : ends;
      const from = until - boundMs - tolerance;
      if (invokedAt > from || (isRefused ? struck(operation.by, from, until) : !isCalm(calm, from, until))) continue;
      if (dependencies.some(({ requestedAt, healedAt }) => requestedAt <= until && healedAt + boundMs >= invokedAt)) continue;
      inVain++;
      const sections = bySubject.get(key) ?? [];
      if (sections.some((section) => section.enteredAt <= until && section.endAt >= from)) continue;
      const before = sections.findLast((section) => section.endAt < from);
      const last = before
        ? `the last holder, token ${before.token} on ${before.instance}, had ${before.end === "exit" ? "left" : "died"} at ${at(before.endAt)} (ledger ${before.endSeq})`
        : "nobody had ever held it";
      const what = `${operation.f} for ${key} ${isRefused ? "was refused" : "still waited"} at ${at(until)} after ${ms(until - invokedAt)} (operation ${operation.index})`;
      found.push({ time: until, text: `${what}, although ${last}; a lease is ${ms(lockLeaseMs)}.` });
    }
    const text = {
      holds: `Of ${all.length} critical sections none kept others out for longer than a lease after its end (${inVain} operations waited that long in vain, all beside somebody inside).`,
      nothing: "The ledger saw no critical section.",
    };
    return concludeBound(evidence, boundMs, conclude(property, all.length, inTime(found), text, { inVainForALease: inVain }));
  };
}
