/** HA-9: what is imported elsewhere is the same agent. What is recorded is said in `documents.ts`. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { agentOf, contentOf, type DocumentNames, exported } from "./documents.ts";
import { at, inTime } from "./judge.ts";
import { field } from "./trail.ts";

/** Every export of an agent that was made of a document, asked for once the import had been acknowledged, holds what the document holds. Nobody writes to such an agent. */
export function importsAreTheSame(names: DocumentNames): Checker {
  return ({ operations }) => {
    const imports = Map.groupBy(
      operations.filter(({ f }) => f === names.import),
      agentOf,
    );
    const found: Counterexample[] = [];
    let examined = 0;
    for (const operation of operations) {
      const agent = agentOf(operation);
      const made = imports.get(agent) ?? [];
      const [only] = made;
      // Two imports under one id, of which one may have been refused: nobody knows which made it.
      if (operation.f !== names.export || operation.outcome !== "ok" || made.length !== 1 || only?.outcome !== "ok") continue;
      if (only.completedAt >= operation.invokedAt) continue;
      examined++;
      const document = field(operation.output, "document");
      const wanted = field(only.input, "document");
      if (exported(operation) && contentOf(document) === contentOf(wanted)) continue;
      const parts = ["version", "blocks", "state", "events", "archive"].filter(
        (part) => JSON.stringify(sorted(field(document, part))) !== JSON.stringify(sorted(field(wanted, part))),
      );
      const what = document === null ? "was not there" : `differs in ${parts.join(", ") || "what else it holds"}`;
      const text = `${agent}, made of a document at ${at(only.completedAt)}, ${what} when it was exported at ${at(operation.invokedAt)} (operations ${only.index}, ${operation.index}).`;
      found.push({ time: operation.answeredAt, text });
    }
    const text = {
      holds: `${examined} agents that were made of documents held what the documents held.`,
      nothing: "No agent that was made of a document was exported again.",
    };
    return conclude("an import is the same agent", examined, inTime(found), text, { imports: examined });
  };
}

const sorted = (part: Parameters<typeof contentOf>[0]): string => contentOf({ part });
