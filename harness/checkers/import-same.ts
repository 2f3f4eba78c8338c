/** HA-9: what is imported elsewhere is the same agent. What is recorded is said in `documents.ts`. */
import type { Operation } from "../core/history.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { agentOf, contentOf, type DocumentNames, exported, importsByAgent } from "./documents.ts";
import { at, inTime } from "./judge.ts";
import { field } from "./trail.ts";

/**
 * Every export of an agent that was made of a document, asked for once the import had been acknowledged, holds what the document holds. Nobody writes to such an agent, and
 * imports under its id that were asked for later replace nothing, whatever they were answered.
 */
export function importsAreTheSame(names: DocumentNames): Checker {
  return ({ operations }) => {
    const imports = new Map([...importsByAgent(operations, names)].map(([agent, all]) => [agent, firstOf(all)]));
    const found: Counterexample[] = [];
    let examined = 0;
    for (const operation of operations) {
      const agent = agentOf(operation);
      const made = imports.get(agent);
      if (operation.f !== names.export || operation.outcome !== "ok" || made === undefined || made.completedAt >= operation.invokedAt) continue;
      examined++;
      const document = field(operation.output, "document");
      const wanted = field(made.input, "document");
      if (exported(operation) && contentOf(document) === contentOf(wanted)) continue;
      const parts = ["version", "blocks", "state", "events", "archive"].filter(
        (part) => JSON.stringify(sorted(field(document, part))) !== JSON.stringify(sorted(field(wanted, part))),
      );
      const what = document === null ? "was not there" : `differs in ${parts.join(", ") || "what else it holds"}`;
      const text = `${agent}, made of a document at ${at(made.completedAt)}, ${what} when it was exported at ${at(operation.invokedAt)} (operations ${made.index}, ${operation.index}).`;
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

/** The import that made the agent; undefined where another one may have, because nobody knows how it ended or it was asked for meanwhile. */
function firstOf(imports: readonly Operation[]): Operation | undefined {
  const [first, ...later] = imports.filter(({ outcome }) => outcome !== "fail").sort((a, b) => a.completedAt - b.completedAt);
  return first?.outcome === "ok" && later.every(({ invokedAt }) => invokedAt > first.completedAt) ? first : undefined;
}
