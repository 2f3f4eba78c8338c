/** AB-2: an instance is left out after so many failures, no fewer and no more, by the balancer's own log (`read-the-balancers-log`). */
import { type Operation, tookMs } from "../core/history.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { type Injection, seenBiting } from "./injections.ts";
import { at, inTime, ms, toleranceMs } from "./judge.ts";

/** So many requests answered by others, and none by an instance that had its share of those before, are no chance: it was left out. */
const leastSince = 100;
/** Of a hundred requests before its first failure. */
const leastShare = 20;
/** Whom the balancer cannot help is told so sooner than this (ms). */
const atOnceMs = 1000;

export interface EjectedAfterOptions {
  /** Ends an instance, so that whoever is sent to it fails at once and no request to it stays open: it is the one that has the least to do. */
  readonly fault: string;
  /** The failures after which it is to be left out. */
  readonly failures: number;
}

/**
 * An instance that failed fewer than `failures` times was not left out, and one that failed as often was not asked again. Concurrent requests may fail beside the last one that it takes.
 * For an experiment without streams, whose clients the history does not have, and in which nobody configures the balancer anew.
 */
export function ejectedAfter({ fault, failures }: EjectedAfterOptions): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    const numbers: Record<string, number> = {};
    let examined = 0;
    const looks = seenBiting(evidence.faults, "read-the-balancers-log");
    for (const down of seenBiting(evidence.faults, fault)) {
      const { id, on, bitingAt, healingAt } = down;
      const look = looks.find((one) => one.on === on && one.requestedAt >= bitingAt && one.bitingAt <= healingAt);
      if (!look) continue;
      const { failed = 0, failedAtMost = 0, failedBeforeAsked = 0, askedOfHundredBefore = 0, othersSince = 0, sinceMs = 0 } = look.numbers;
      const accuse = (text: string): number => found.push({ time: bitingAt, until: look.bitingAt, text });
      if (failedBeforeAsked >= failures) {
        examined++;
        numbers[`${id} failedRequests`] = failed;
        accuse(
          `the balancer sent ${on} another request when ${failedBeforeAsked} to it had failed (${id}, seen down at ${at(bitingAt)}; by its log at ${at(look.bitingAt)}); after ${failures} it is to be left out.`,
        );
        continue;
      }
      const wasLeftOut = othersSince >= leastSince && askedOfHundredBefore >= leastShare;
      // Without a failure something else left it out; what is still open may have failed there first, which the log tells at its end.
      if (!wasLeftOut || failedAtMost === 0) continue;
      const isEarly = failedAtMost < failures;
      if (isEarly && failedAtMost + openSince(evidence, down, look, sinceMs) >= failures) continue;
      examined++;
      numbers[`${id} failedRequests`] = failed;
      if (!isEarly) continue;
      accuse(
        `${on} was left out when ${failedAtMost} of the requests to it had failed (${id}, seen down at ${at(bitingAt)}; by the balancer's log at ${at(look.bitingAt)}): others answered the ${othersSince} that followed within ${ms(sinceMs)}, where it had been asked for ${askedOfHundredBefore} of 100 before; ${failures} failures are to leave it out.`,
      );
    }
    const text = {
      holds: `All ${examined} instances that were left out had failed ${failures} times, and none was asked again after that.`,
      nothing: `No instance was seen left out by the balancer's log, with ${leastSince} requests answered by others since.`,
    };
    return conclude(`left out after ${failures} failures`, examined, inTime(found), text, numbers);
  };
}

/**
 * Operations that were under way when the instance was last asked (`sinceMs` before the look) and may be missing in the log, which tells of a request at its end: they were still
 * under way when it was read, or their clients had given up waiting, which a busy balancer sees later.
 */
function openSince({ operations, deltaMs, lagMs }: Evidence, down: Injection, look: Injection, sinceMs: number): number {
  const tolerance = toleranceMs({ deltaMs, lagMs });
  const [from, to] = [look.bitingAt - sinceMs + tolerance, look.requestedAt - tolerance];
  const gaveUp = (operation: Operation): boolean =>
    operation.served === "error" && tookMs(operation) > atOnceMs && operation.answeredAt >= down.requestedAt - tolerance;
  return operations.filter((operation) => operation.invokedAt <= from && (operation.answeredAt >= to || gaveUp(operation))).length;
}
