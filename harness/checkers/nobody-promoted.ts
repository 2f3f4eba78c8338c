/** HA-3: a primary that has acknowledged what no standby has, because it had lost them all, has no successor that would not lose it: nobody is promoted until it is back. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at } from "./judge.ts";

/** Looks at the nodes while the primary is gone: one that finds a node which takes writes is a counterexample. `kill` is the fault that took the primary. */
export function nobodyPromoted({ kill }: { readonly kill: string }): Checker {
  return ({ samples, faults, deltaMs }) => {
    const found: Counterexample[] = [];
    let looks = 0;
    for (const { id, bitingAt, healingAt } of seenBiting(faults, kill)) {
      for (const { time, source, values } of samples) {
        if (values.writable === undefined || time - (values.lookMs ?? 0) < bitingAt + deltaMs || time > healingAt) continue;
        looks++;
        if (values.writable !== 1) continue;
        const text = `${source} took writes at ${at(time)}, though the only node that had all that was acknowledged was gone since ${id} at ${at(bitingAt)}.`;
        found.push({ time, text });
      }
    }
    const text = {
      holds: `None of ${looks} looks at the nodes found one that took writes while the only node that had all was gone.`,
      nothing: "Nobody looked at a node while the primary was gone.",
    };
    return conclude("nobody is promoted who lacks what was acknowledged", looks, found, text, { looks });
  };
}
