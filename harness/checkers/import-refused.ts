/** HA-9: an import makes an agent and replaces none. What is recorded is said in `documents.ts`. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { contentOf, type DocumentNames, importsByAgent } from "./documents.ts";
import { at, inTime } from "./judge.ts";
import { field } from "./trail.ts";

/** Where an agent was made of a document, and that was acknowledged, a later import of another document under its id is not acknowledged. */
export function importsReplaceNothing(names: Pick<DocumentNames, "import">): Checker {
  return ({ operations }) => {
    const imports = importsByAgent(operations, names);
    const found: Counterexample[] = [];
    let examined = 0;
    for (const [agent, all] of imports) {
      const content = (operation: (typeof all)[number]): string => contentOf(field(operation.input, "document") ?? null);
      const [first, ...more] = [...all].sort((a, b) => a.completedAt - b.completedAt);
      if (first === undefined || first.outcome !== "ok") continue;
      for (const later of more) {
        if (later.invokedAt <= first.completedAt || !Number.isFinite(later.answeredAt) || content(later) === content(first)) continue;
        examined++;
        if (later.outcome !== "ok") continue;
        const text = `${agent}, made of a document at ${at(first.completedAt)}, was made of another one at ${at(later.completedAt)} (operations ${first.index}, ${later.index}).`;
        found.push({ time: later.completedAt, text });
      }
    }
    const text = {
      holds: `None of ${examined} imports under an id that was taken was acknowledged.`,
      nothing: "No document was imported under an id that was taken.",
    };
    return conclude("an import replaces no agent", examined, inTime(found), text, { importsUnderTakenIds: examined });
  };
}
