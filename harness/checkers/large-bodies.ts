/** AB-30: bodies as large as the server takes pass the balancer, and what neither takes is refused by both, with the status that says why (`send-large-bodies`). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";

const ways = ["instance", "balancer"] as const;

/** Each size is judged where some of its bodies were answered either way; who is cut off while he still sends says nothing. */
export const bodiesPass: Checker = (evidence) => {
  const found: Counterexample[] = [];
  let examined = 0;
  let undecided = 0;
  const sizes = new Set<number>();
  for (const { id, requestedAt: time, bitingAt: until, numbers } of seenBiting(evidence.faults, "send-large-bodies")) {
    const of = (way: string, kib: number, what: string): number => numbers[`${way} ${kib} ${what}`] ?? 0;
    for (const kib of Object.keys(numbers).flatMap((name) => (name.startsWith("allowed ") ? [Number(name.slice("allowed ".length))] : []))) {
      sizes.add(kib);
      for (const way of ways)
        for (const [size, may] of [
          [kib, true],
          [kib + 1, false],
        ] as const) {
          const [taken, refused] = [of(way, size, "taken"), of(way, size, "refused")];
          const [right, wrong] = may ? [taken, refused] : [refused, taken];
          examined += right + wrong;
          if (right + wrong === 0) undecided++;
          const said = may ? "refused as too large" : "not refused as too large";
          if (wrong > 0)
            found.push({
              time,
              until,
              text: `${wrong} of ${right + wrong} bodies of ${size} KiB sent to ${way === "balancer" ? "the balancer" : "an instance"} were ${said}; ${kib} KiB are allowed (${id} at ${at(time)}).`,
            });
        }
    }
  }
  const list = [...sizes].map((kib) => `${kib} KiB`).join(" and of ");
  const text = {
    holds: `Bodies of ${list} were taken with and without the balancer, and larger ones refused by both (${examined} were sent).`,
    nothing: examined === 0 ? "No large body was sent." : "Of one size, nobody who sent it either way read an answer.",
  };
  return conclude("what the server takes passes the balancer", undecided > 0 && found.length === 0 ? 0 : examined, inTime(found), text, { examined });
};
