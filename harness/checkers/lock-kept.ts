/** HS-6: who has been given a lock has it until he gives it back: nobody is turned away in the midst of his section for want of a lock that nothing took from him. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { roleOf } from "./acts.ts";
import { beatMs, injectionsOf } from "./injections.ts";
import { at, concludeBound, inTime, outOfReach, withDoubts } from "./judge.ts";
import { named, type Section, sectionsOf } from "./sections.ts";
import { mayHaveStalled } from "./stalls.ts";

/**
 * Operations `f` are refused (409) only because their lock was lost, or because somebody with a larger token had been there: of those that had entered at the ledger, none is, unless its instance or a dependency was disturbed
 * since a lease before, or an operator cleared this very lock.
 */
export function lockKept({ f }: { readonly f: readonly string[] }): Checker {
  return (evidence) => {
    const property = "a lock that was given is kept";
    const { lockLeaseMs: leaseMs } = evidence.constants;
    if (leaseMs === undefined) return outOfReach(property, "lockLeaseMs");
    const { deltaMs } = evidence;
    const { all, bySubject } = sectionsOf(evidence.ledger, "lock");
    const injections = injectionsOf(evidence.faults);
    const isDisturbed = ({ instance, token, enteredAt, endAt }: Section): boolean =>
      injections.some(({ on, requestedAt, healedAt, numbers }) => {
        if (numbers.revokedToken === token) return true;
        const strikes = on === instance || on === roleOf(instance) || /postgres|redis/.test(on);
        return strikes && requestedAt <= endAt + deltaMs && healedAt + leaseMs >= enteredAt - deltaMs;
      });
    const found: Counterexample[] = [];
    const doubtful: Counterexample[] = [];
    let examined = 0;
    for (const operation of all.length === 0 ? [] : evidence.operations) {
      if (!f.includes(operation.f)) continue;
      if (operation.outcome === "ok") examined++;
      if (operation.error !== "status 409") continue;
      const own = (bySubject.get(operation.key) ?? []).filter(
        ({ instance, enteredAt, endAt }) =>
          instance === operation.by && enteredAt <= operation.answeredAt + deltaMs && endAt >= operation.invokedAt - deltaMs,
      );
      const [section] = own;
      // Of several that one instance had beside each other it is not known whose it was.
      if (section === undefined || own.some(isDisturbed)) continue;
      examined++;
      const what = `${operation.f} for ${operation.key} was refused at ${at(operation.answeredAt)} (409, operation ${operation.index})`;
      const text = `${what}, although ${named(section)} had entered at ${at(section.enteredAt)} (ledger ${section.enteredSeq}) and nothing had disturbed it, its dependencies or its lock.`;
      const stalled = mayHaveStalled(evidence, section.instance, section.enteredAt - leaseMs, operation.answeredAt, Math.max(beatMs, leaseMs / 2));
      (stalled ? doubtful : found).push({ time: operation.answeredAt, text });
    }
    const text = {
      holds: `None of ${examined} operations that had been given a lock was turned away while nothing disturbed it.`,
      nothing: "The ledger saw no critical section of an operation that was answered.",
    };
    return withDoubts(
      concludeBound(evidence, leaseMs, conclude(property, examined, inTime(found), text, { kept: examined - found.length })),
      inTime(doubtful),
    );
  };
}
