/** HA-5: demand beyond the pool waits within a bound, or is refused in so many words. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, outOfReach, toleranceMs } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";

/** An answer takes its way and its turn (ms). */
const slackMs = 1000;

/**
 * While `fault` keeps connections from being given back, operations `f` are answered within the declared budget and a second, or by when it has healed and that
 * second is over; a refusal says that it is one. Only where somebody was refused was there more demand than connections.
 */
export function boundedWait({ f, fault }: { readonly f: readonly string[]; readonly fault: string }): Checker {
  const property = "a bounded wait for a connection";
  return (evidence) => {
    const budgetMs = evidence.constants.outageBudgetMs;
    if (budgetMs === undefined) return outOfReach(property, "outageBudgetMs");
    const boundMs = budgetMs + slackMs;
    const end = loadEndsAt(evidence.operations);
    const found: Counterexample[] = [];
    // Whoever calls it a mistake of his own does so on a machine that is busy as well.
    const plain: Counterexample[] = [];
    let waited = 0;
    let refused = 0;
    let slowestMs = 0;
    for (const { bitingAt, healingAt, id } of seenBiting(evidence.faults, fault)) {
      for (const operation of evidence.operations) {
        const { invokedAt, answeredAt, served, error, index } = operation;
        if (!f.includes(operation.f) || invokedAt < bitingAt || invokedAt > healingAt || invokedAt + boundMs + toleranceMs(evidence) > end) continue;
        waited++;
        const tookMs = answeredAt - invokedAt;
        if (Number.isFinite(tookMs)) slowestMs = Math.max(slowestMs, tookMs);
        if (served === "shed") refused++;
        const what = `${operation.f} sent at ${at(invokedAt)}, during ${id},`;
        if (tookMs > boundMs + toleranceMs(evidence))
          found.push({ time: invokedAt, text: `${what} waited for ${ms(tookMs)}; ${ms(boundMs)} are allowed (operation ${index}).` });
        else if (served === "error")
          (error === "status 500" ? plain : found).push({
            time: invokedAt,
            text: `${what} was not refused but failed: ${error} (operation ${index}).`,
          });
      }
    }
    const text = {
      holds: `Of ${waited} operations that wanted a connection while none was given back, ${refused} were refused in so many words; the slowest answer took ${ms(slowestMs)}.`,
      nothing: "Nobody was refused: there was never more demand than connections.",
    };
    const numbers = { waited, refused, slowestMs };
    const told = (of: readonly Counterexample[]) => conclude(property, refused > 0 ? waited : 0, inTime(of), text, numbers);
    return plain.length > 0 ? told(plain) : concludeBound(evidence, boundMs, told(found));
  };
}
