/** AB-7: instances that were added take part in the work. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";

export interface ShareOptions {
  /** The change, whose record says from how many instances to how many: a file in `harness/faults/`. */
  readonly fault: string;
  /** From the balancer's switch to the first answer of each new instance (ms). */
  readonly withinMs: number;
  /** Of an equal share, what each of them answers at least from then on: a balancer that goes by load need not give equal ones. */
  readonly leastShare: number;
}

/** Shares of fewer answers than this say nothing. */
const least = 200;

/** Each new instance answers its first request within the bound, and from then on no less than part of an equal share. */
export function takeTheirShare({ fault, withinMs, leastShare }: ShareOptions): Checker {
  return (evidence) => {
    const ends = loadEndsAt(evidence.operations);
    const found: Counterexample[] = [];
    const numbers: Record<string, number> = {};
    let examined = 0;
    for (const { id, on, bitingAt, numbers: seen } of seenBiting(evidence.faults, fault)) {
      const { from = 0, to = 0 } = seen;
      const since = bitingAt + withinMs + toleranceMs(evidence, withinMs);
      const after = evidence.operations.filter(({ by, invokedAt }) => by.startsWith(`${on}-`) && invokedAt >= bitingAt);
      const later = after.filter(({ invokedAt }) => invokedAt >= since);
      if (later.length < least || ends < since) continue;
      for (let n = from + 1; n <= to; n++) {
        const name = `${on}-${n}`;
        const first = after.filter(({ by }) => by === name).reduce((time, { answeredAt }) => Math.min(time, answeredAt), Number.POSITIVE_INFINITY);
        const answered = later.filter(({ by }) => by === name).length;
        const share = (answered * to) / later.length;
        examined++;
        numbers[`${name} shareOfEqual`] = share;
        if (Number.isFinite(first)) numbers[`${name} firstAnswerMs`] = first - bitingAt;
        // An answer takes its time: what counts is that a request was sent there.
        const sent = after.some(({ by, invokedAt }) => by === name && invokedAt <= since);
        if (!sent)
          found.push({
            time: bitingAt,
            text: `${name} was sent nothing within ${ms(withinMs)} of the switch at ${at(bitingAt)} (${id}).`,
          });
        else if (share < leastShare)
          found.push({
            time: since,
            text: `${name} answered ${answered} of ${later.length} requests from ${at(since)} on, ${(100 * share).toFixed(0)} % of an equal share of ${to}; ${100 * leastShare} % are expected (${id}).`,
          });
      }
    }
    const text = {
      holds: `All ${examined} new instances took their share.`,
      nothing: `No instances were added and then given ${least} requests.`,
    };
    return concludeBound(evidence, withinMs, conclude("new instances take their share", examined, inTime(found), text, numbers));
  };
}
