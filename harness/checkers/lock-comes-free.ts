/** HS-6, HS-7: a lock outlives its holder by its lease and no longer, whether the holder left or died (SEMANTICS, "Locks, leaders, fencing"). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { sectionsOf } from "./sections.ts";

/** From when a lease is over until whoever waits has asked for the lock again (ms). */
const slackMs = 1000;

/**
 * Whoever asks for a lock in vain for longer than a lease finds somebody inside at some time in the last lease of the waiting: operations `f` are about what is locked,
 * and are refused (503) when the lock could not be had. Times at which a dependency was disturbed are not judged, as then they are refused for that.
 */
export function lockComesFree({ f }: { readonly f: readonly string[] }): Checker {
  return (evidence) => {
    const property = "a lock comes free with its lease";
    const { lockLeaseMs } = evidence.constants;
    if (lockLeaseMs === undefined) return outOfReach(property, "lockLeaseMs");
    const boundMs = lockLeaseMs + slackMs;
    const tolerance = toleranceMs(evidence);
    const { all, bySubject } = sectionsOf(evidence.ledger, "lock");
    const dependencies = injectionsOf(evidence.faults).filter(({ on }) => /postgres|redis/.test(on));
    const found: Counterexample[] = [];
    let refused = 0;
    for (const operation of all.length === 0 ? [] : evidence.operations) {
      const { key, invokedAt, answeredAt } = operation;
      if (!f.includes(operation.f) || operation.served !== "shed" || answeredAt - invokedAt < boundMs + tolerance) continue;
      // Whom the end of the load interrupted nobody refused.
      if (!Number.isFinite(answeredAt)) continue;
      if (dependencies.some(({ requestedAt, healedAt }) => requestedAt <= answeredAt && healedAt + boundMs >= invokedAt)) continue;
      refused++;
      const from = answeredAt - boundMs - tolerance;
      const sections = bySubject.get(key) ?? [];
      if (sections.some((section) => section.enteredAt <= answeredAt && section.endAt >= from)) continue;
      const before = sections.findLast((section) => section.endAt < from);
      const last = before
        ? `the last holder, token ${before.token} on ${before.instance}, had ${before.end === "exit" ? "left" : "died"} at ${at(before.endAt)} (ledger ${before.endSeq})`
        : "nobody had ever held it";
      const text = `${operation.f} for ${key} was refused at ${at(answeredAt)} after ${ms(answeredAt - invokedAt)} (operation ${operation.index}), although ${last}; a lease is ${ms(lockLeaseMs)}.`;
      found.push({ time: answeredAt, text });
    }
    const text = {
      holds: `Of ${all.length} critical sections none kept others out for longer than a lease after its end (${refused} operations were refused after that long, all beside somebody inside).`,
      nothing: "The ledger saw no critical section.",
    };
    return concludeBound(evidence, boundMs, conclude(property, all.length, inTime(found), text, { refusedAfterALease: refused }));
  };
}
