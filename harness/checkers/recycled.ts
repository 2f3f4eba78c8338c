/** AB-12: workers are replaced after so many requests, neither sooner nor much later. What happened is the record of `recycle-workers`. */
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
/** A worker goes on until its successor serves, so that it answers more than its share: only who answers twice as much without being replaced was forgotten. */
const patience = 2;

/** No instance has replaced more workers than its requests allow, nor none where they were enough for two. */
export function recycledInTime({ requests, jitter }: RecycledOptions): Checker {
  return ({ operations, faults }) => {
    const found: Counterexample[] = [];
    const told: Record<string, number> = {};
    let examined = 0;
    for (const { id, requestedAt, bitingAt, numbers } of seenBiting(faults, "recycle-workers")) {
      const { watchedMs = 0 } = numbers;
      for (const [name, replaced] of Object.entries(numbers)) {
        if (!name.endsWith(" replaced")) continue;
        const instance = name.slice(0, -" replaced".length);
        const answered = (since: number): number =>
          operations.filter(({ by, invokedAt, answeredAt }) => by === instance && answeredAt >= since && invokedAt <= bitingAt).length;
        // Its workers may have begun at any time since the change was asked for, and have begun when the watch did.
        const [most, least] = [answered(requestedAt) + (looksPerSecond * (bitingAt - requestedAt)) / 1000, answered(bitingAt - watchedMs)];
        const forgotten = Math.floor(least / (patience * (requests + jitter)));
        told[`${instance} replaced`] = replaced;
        told[`${instance} answered`] = least;
        examined += replaced;
        const where = `${instance} replaced ${replaced} workers in the ${(watchedMs / 1000).toFixed(1)} s before ${at(bitingAt)}, and answered`;
        if (replaced > Math.floor(most / requests))
          found.push({ time: bitingAt, text: `${where} no more than ${Math.round(most)} requests; each worker is to answer ${requests} (${id}).` });
        else if (replaced < forgotten)
          found.push({ time: bitingAt, text: `${where} ${least} requests; each worker is to answer ${requests} to ${requests + jitter} (${id}).` });
      }
    }
    const text = {
      holds: `${examined} workers were replaced, none before it had answered ${requests} requests.`,
      nothing: "No worker was seen to be replaced.",
    };
    return conclude(`workers are replaced after ${requests} to ${requests + jitter} requests`, examined, inTime(found), text, told);
  };
}
