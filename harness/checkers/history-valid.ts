/** Whether the record can be trusted at all (SEMANTICS, "History and time"). */
import type { Checker, Counterexample, Evidence } from "../core/verdict.ts";
import { assume } from "./judge.ts";

/** The load generator's own account at its end. */
export interface GeneratorFacts {
  /** Clients that can have an operation open at once (k6's virtual users). */
  readonly vusMax: number;
  /** Its own count of completed operations, up to the moment it was told to end. */
  readonly operationsCompleted: number;
  /** When that was (ms): what completes later is in the history, and the generator may or may not have counted it. */
  readonly stoppedAt: number;
  /** Errors of the load script itself: k6 ends well when every iteration throws. */
  readonly scriptExceptions: number;
}

export interface HistoryFacts {
  /** Sentences from reading and pairing the record. */
  readonly problems: readonly string[];
  /** null: there is none to compare with, because the record was cut off. */
  readonly generator: GeneratorFacts | null;
}

/** The history pairs without problems, leaves no more operations open than there are clients, and holds as many completions as the load generator counted. */
export function historyValid({ problems, generator }: HistoryFacts): Checker {
  return (evidence) => {
    const completions = evidence.operations.filter((operation) => operation.answeredAt < Number.POSITIVE_INFINITY).length;
    const open = evidence.operations.length - completions;
    const found: Counterexample[] = problems.map((text) => ({ time: 0, text }));
    if (generator) found.push(...disagreements(evidence, generator, open));
    const counted = generator ? "complete and counted alike by the load generator" : "complete";
    const text = { holds: `${completions} operations are ${counted}; ${open} were open at the end.`, nothing: "The history is empty." };
    return assume("the history is valid", evidence.operations.length, found, text, { completions, openOperations: open });
  };
}

function disagreements({ operations, endsAt }: Evidence, generator: GeneratorFacts, open: number): readonly Counterexample[] {
  const found: string[] = [];
  if (open > generator.vusMax) found.push(`${open} operations were never completed, but there were only ${generator.vusMax} clients.`);
  // What was under way when the generator was told to end may have been counted or not.
  const certain = operations.filter((operation) => operation.answeredAt < generator.stoppedAt).length;
  const counted = generator.operationsCompleted;
  if (counted < certain || counted > operations.length) {
    const history = `${certain} completions before the load was ended and ${operations.length - certain} operations under way then`;
    found.push(`the history holds ${history}, but the load generator counted ${counted}.`);
  }
  if (generator.scriptExceptions > 0) found.push(`the load script itself failed ${generator.scriptExceptions} times; its log says why.`);
  return found.map((text) => ({ time: endsAt, text }));
}
