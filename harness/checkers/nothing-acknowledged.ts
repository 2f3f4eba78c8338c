/** HA-3: where a commit always waits for a standby (strict), nothing is acknowledged while there is none. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, toleranceMs } from "./judge.ts";

/** `f` must not be answered that was asked for once no standby was connected, before any could come back. `during` is the fault that cuts all of them off. */
export function nothingAcknowledged({ during, f }: { readonly during: string; readonly f: string }): Checker {
  return (evidence) => {
    const tolerance = toleranceMs(evidence);
    const found: Counterexample[] = [];
    let asked = 0;
    for (const { id, bitingAt, healingAt } of seenBiting(evidence.faults, during)) {
      for (const operation of evidence.operations) {
        const { invokedAt, completedAt, process, index } = operation;
        if (operation.f !== f || invokedAt < bitingAt + tolerance || invokedAt >= healingAt) continue;
        asked++;
        if (operation.outcome !== "ok" || completedAt + tolerance >= healingAt) continue;
        const text = `${f} of ${process} was acknowledged at ${at(completedAt)}, though no standby was connected since ${id} at ${at(bitingAt)} (operation ${index}).`;
        found.push({ time: completedAt, text });
      }
    }
    const text = {
      holds: `None of ${asked} requests to ${f} was acknowledged while no standby was connected.`,
      nothing: `Nobody asked for ${f} while no standby was connected.`,
    };
    return conclude("nothing is acknowledged without a standby", asked, found, text, { asked });
  };
}
