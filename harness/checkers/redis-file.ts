/** AB-22: what Redis acknowledged is there again after its process was killed, by its append-only file. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at } from "./judge.ts";

/**
 * Each restart seen by `crash-redis` brought back every key whose writing had been acknowledged. The page cache survives a process, so not even the last fsync
 * interval may be missing (SEMANTICS, "Reads, caches, sessions").
 */
export const fileKept: Checker = ({ faults }) => {
  const found: Counterexample[] = [];
  let examined = 0;
  let restarts = 0;
  for (const { id, bitingAt, numbers } of seenBiting(faults, "crash-redis")) {
    const { acknowledged = 0, kept = 0 } = numbers;
    if (acknowledged === 0) continue;
    restarts++;
    examined += acknowledged;
    if (kept < acknowledged)
      found.push({
        time: bitingAt,
        text: `after ${id}, at ${at(bitingAt)}, Redis had ${kept} of ${acknowledged} keys whose writing it had acknowledged.`,
      });
  }
  const text = {
    holds: `After ${restarts} kills of Redis all ${examined} keys whose writing it had acknowledged were there.`,
    nothing: "Redis was never killed with its file.",
  };
  return conclude("Redis's file keeps what was acknowledged", examined, found, text, { acknowledged: examined, restarts });
};
