/** AB-2, HA-7: the balancer's processes count the failures of an instance together (`fail-one-after-another`). */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at, inTime } from "./judge.ts";

/** So many requests after the last failure, and none of them to the instance, are no chance. */
const leastOthers = 20;

/** Where no two requests were under way at once, exactly `failures` of them fail before the instance is left out, whichever process they came to. */
export function failuresShared({ failures }: { readonly failures: number }): Checker {
  return ({ faults }) => {
    const found: Counterexample[] = [];
    let examined = 0;
    for (const { id, on, requestedAt: time, bitingAt: until, numbers } of seenBiting(faults, "fail-one-after-another")) {
      const { workers = 0, requests = 0, failed = 0, unclear = 0 } = numbers;
      // One process alone shares nothing; what may have failed may have counted.
      if (workers < 2 || unclear > 0 || requests - failed < leastOthers) continue;
      examined++;
      if (failed === failures) continue;
      const text = `${failed} of ${requests} requests, one after another over connections to ${workers} of the balancer's processes, were sent to ${on} while it was down; after ${failures} it is to be left out (${id} at ${at(time)}).`;
      found.push({ time, until, text });
    }
    const text = {
      holds: `All ${examined} instances were left out after ${failures} failures, counted by all processes of the balancer together.`,
      nothing: "No instance was down while requests came one after another to several processes of the balancer.",
    };
    return conclude("the balancer's processes count failures together", examined, inTime(found), text, { examined });
  };
}
