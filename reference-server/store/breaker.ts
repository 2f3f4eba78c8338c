/**
 * One view of an outage for all callers. Who meets a broken connection reports it; from then on one probe asks for everybody, because hundreds
 * that dial at once would keep a database that is just starting busy with refusing them. Callers wait it out for as long as their budget lasts;
 * when the outage has lasted longer than that, the breaker is open and new callers are told at once (LG-11).
 */
import { monotonicMs, sleep } from "../clock.ts";

const firstPauseMs = 10;
const longestPauseMs = 250;

export interface Breaker extends Disposable {
  /** Settles when the outage is over; undefined when there is none. */
  outage(): Promise<void> | undefined;
  /** The outage has outlasted the budget, and at least one probe has failed since. */
  isOpen(): boolean;
  /** A statement sent at `sentAtMs` met a broken connection or no answer. */
  failed(sentAtMs: number): void;
  /** Postgres answered, whatever it said. */
  answered(): void;
  answeredAtMs(): number;
  /** An outage ended less than a budget ago: everybody who waited it out comes at once. */
  isRecovering(): boolean;
}

/** `probe` resolves to whether the database answers; it is asked again and again while there is an outage. */
export function startBreaker(budgetMs: number, probe: () => Promise<boolean>): Breaker {
  let closed = false;
  let lastAnswerMs = Number.NEGATIVE_INFINITY;
  let lastEndMs = Number.NEGATIVE_INFINITY;
  let current: { readonly over: Promise<void>; readonly sinceMs: number; probesFailed: number } | undefined;

  const wait = async (): Promise<void> => {
    for (let pauseMs = firstPauseMs; !closed; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      await sleep(pauseMs * (0.5 + Math.random()));
      if (await probe()) break;
      if (current) current.probesFailed += 1;
    }
    current = undefined;
    lastEndMs = monotonicMs();
  };

  return {
    outage: () => current?.over,
    isOpen: () => current !== undefined && current.probesFailed > 0 && monotonicMs() - current.sinceMs >= budgetMs,
    failed(sentAtMs) {
      // A statement that was never answered tells that the outage had begun when it was sent, unless others were answered later.
      if (!current && !closed) current = { over: wait(), sinceMs: Math.max(sentAtMs, lastAnswerMs), probesFailed: 0 };
    },
    answered() {
      lastAnswerMs = monotonicMs();
    },
    answeredAtMs: () => lastAnswerMs,
    isRecovering: () => monotonicMs() - lastEndMs < budgetMs,
    [Symbol.dispose]() {
      closed = true;
    },
  };
}
