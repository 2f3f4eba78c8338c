/** AB-12: workers are replaced after so many requests, neither sooner nor much later, and so are those that took their places. What happened is the record of `recycle-workers`. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";

export interface RecycledOptions {
  /** A worker is replaced once it has begun to answer so many requests, and up to so many more. */
  readonly requests: number;
  readonly jitter: number;
}

/** What the harness itself and a balancer ask of an instance, at most, beside the load (requests a second). */
const looksPerSecond = 20;
/** Workers go on until their successors serve, so that they answer more than their shares: all of them together no more than one worker's share, or one was forgotten. */
const overlap = 1;

/**
 * No instance has replaced more workers than its requests allow, nor fewer than they were enough for. Some have to have replaced a second one: an instance that does so once may keep the
 * successor for ever.
 */
export function recycledInTime({ requests, jitter }: RecycledOptions): Checker {
  return ({ operations, faults }) => {
    const found: Counterexample[] = [];
    const told: Record<string, number> = {};
    let [total, again] = [0, 0];
    for (const { id, requestedAt, bitingAt, numbers } of seenBiting(faults, "recycle-workers")) {
      const { watchedMs = 0 } = numbers;
      for (const [name, replaced] of Object.entries(numbers)) {
        if (!name.endsWith(" replaced")) continue;
        const instance = name.slice(0, -" replaced".length);
        const answered = (since: number): number =>
          operations.filter(({ by, invokedAt, answeredAt }) => by === instance && answeredAt >= since && invokedAt <= bitingAt).length;
        // Its workers may have begun at any time since the change was asked for, and have begun when the watch did.
        const [most, least] = [answered(requestedAt) + (looksPerSecond * (bitingAt - requestedAt)) / 1000, answered(bitingAt - watchedMs)];
        const due = Math.floor(least / (requests + jitter)) - overlap;
        told[`${instance} replaced`] = replaced;
        told[`${instance} answered`] = least;
        total += replaced;
        again += Math.max(0, replaced - 1);
        const where = `${instance} replaced ${replaced} workers in the ${(watchedMs / 1000).toFixed(1)} s before ${at(bitingAt)}, and answered`;
        if (replaced > Math.floor(most / requests))
          found.push({ time: bitingAt, text: `${where} no more than ${Math.round(most)} requests; each worker is to answer ${requests} (${id}).` });
        else if (replaced < due)
          found.push({ time: bitingAt, text: `${where} ${least} requests; each worker is to answer ${requests} to ${requests + jitter} (${id}).` });
      }
    }
    const text = {
      holds: `${total} workers were replaced, ${again} of them after another one of their instance, and none before it had answered ${requests} requests.`,
      nothing: `${total} workers were seen to be replaced, none of them after another one of its instance.`,
    };
    return conclude(`workers are replaced after ${requests} to ${requests + jitter} requests`, again, inTime(found), text, told);
  };
}
