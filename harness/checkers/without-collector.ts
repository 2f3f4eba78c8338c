/** HS-22: an instance whose collector of spans is dead answers as well and as fast as one that has its own. Both were asked at the same time (`follow-requests`). */
import { type Check, type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms } from "./judge.ts";

/** While it took everything and answered nothing, and while connections to it were refused. */
const times = ["silent", "gone"] as const;
const leastPairs = 15;
/** Of requests that failed at one of the two only, so many more at the one without a collector are no accident. */
const failedShare = 0.2;
/** Who asks gives up after this long (ms): a lag that is far from it makes nothing fail. */
const answerWithinMs = 10_000;
/** Whoever waits for the collector is slower nearly always; a machine that is busy slows down both. */
const slowerShare = 0.9;

/**
 * It violates when a fifth of the requests and more failed without a collector only, or when nine of ten were answered later without, and half of them by `slowerByMs`
 * later than half of those with one.
 */
export function collectorHarmsNothing({ slowerByMs }: { readonly slowerByMs: number }): Checker {
  return (evidence): Check => {
    const found: Counterexample[] = [];
    const failures: Counterexample[] = [];
    let examined = 0;
    const figures: Record<string, number> = {};
    for (const { id, bitingAt, numbers } of seenBiting(evidence.faults, "follow-requests")) {
      // Who sends nothing to a collector does not notice that it is lost.
      if (!((numbers["own collected"] ?? 0) > 0)) continue;
      for (const when of times) {
        const of = (name: string): number => numbers[`${when} ${name}`] ?? 0;
        // It has to have sent spans into the silence.
        if (of("pairs") < leastPairs || (when === "silent" && of("exports") === 0)) continue;
        // Asking is the last thing that is done, first in silence: restarts before it, which take processors, are none of its affair.
        const until = when === "gone" ? bitingAt : bitingAt - (numbers["gone forMs"] ?? 0);
        const time = until - of("forMs");
        const where = `while its collector was ${when} (${id}, from ${at(time)} to ${at(until)})`;
        const failed = of("bereftFailed") - of("otherFailed");
        const laterMs = of("bereftP50Ms") - of("otherP50Ms");
        examined += of("pairs");
        figures[`${when}LaterP50Ms`] = laterMs;
        if (failed >= failedShare * of("pairs"))
          failures.push({
            ...{ time, until },
            text: `of ${of("pairs")} requests, ${of("bereftFailed")} failed at an instance ${where} and not at another; ${of("otherFailed")} at the other only.`,
          });
        else if (of("answered") >= leastPairs && of("slower") >= slowerShare * of("answered") && laterMs > slowerByMs)
          found.push({
            ...{ time, until },
            text: `half of ${of("answered")} requests took ${ms(of("bereftP50Ms"))} and more at an instance ${where}, and ${ms(of("otherP50Ms"))} at another at the same time; it was slower in ${of("slower")}, and ${ms(slowerByMs)} are allowed.`,
          });
      }
    }
    const later = Object.entries(figures).map(([name, value]) => `${ms(value)} (${name.replace("LaterP50Ms", "")})`);
    const text = {
      holds: `${examined} requests to an instance without its collector were answered as well as at another at the same time, half of them later by ${later.join(" and ")}.`,
      nothing: "No instance that sends spans was asked while its collector was lost.",
    };
    const told = (of: readonly Counterexample[]): Check => conclude("a dead collector harms nothing", examined, inTime(of), text, figures);
    const failing = concludeBound(evidence, answerWithinMs, told(failures));
    const late = concludeBound(evidence, slowerByMs, told(found));
    return failing.verdict === "holds" || late.verdict === "violated" ? late : failing;
  };
}
