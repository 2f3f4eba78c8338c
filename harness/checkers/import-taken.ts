/** HA-9: what is exported can be imported: no document that the target made itself is refused. What is recorded is said in `documents.ts`. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { type DocumentNames, importsByAgent } from "./documents.ts";
import { injectionsOf } from "./injections.ts";
import { at, inTime } from "./judge.ts";
import { field } from "./trail.ts";

/** A mistake of the client's, by its status; too many requests (429) are none. */
const refusal = /^status 4(?!29)\d\d/;

/** The first import under an id is of a document that the target exported: it is not answered as a mistake of the client's, such as that it were too large. */
export function importsAreTaken(names: Pick<DocumentNames, "import">): Checker {
  return ({ operations, faults }) => {
    const injections = injectionsOf(faults);
    const imports = importsByAgent(operations, names);
    const found: Counterexample[] = [];
    let examined = 0;
    let largest = 0;
    for (const [agent, all] of imports) {
      const first = all.reduce((earliest, one) => (one.invokedAt < earliest.invokedAt ? one : earliest));
      // Where the balancer sends it again, because an instance broke off, a conflict may be with its own first copy.
      const copied = first.error === "status 409" && injections.some((one) => one.requestedAt <= first.answeredAt && one.healedAt >= first.invokedAt);
      const isRefused = refusal.test(first.error) && !copied;
      if (first.outcome !== "ok" && !isRefused) continue;
      examined++;
      const bytes = JSON.stringify(field(first.input, "document") ?? null).length;
      largest = Math.max(largest, bytes);
      if (!isRefused) continue;
      const text = `the document of ${bytes} bytes that was to become ${agent} was refused with ${first.error} at ${at(first.answeredAt)} (operation ${first.index}).`;
      found.push({ time: first.answeredAt, text });
    }
    const text = { holds: `${examined} documents, the largest of ${largest} bytes, were taken.`, nothing: "No document was imported." };
    return conclude("what is exported can be imported", examined, inTime(found), text, { imports: examined, largestBytes: largest });
  };
}
