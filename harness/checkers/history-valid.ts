/** Whether the record can be trusted at all (SEMANTICS, "History and time"). */
import type { Checker, Counterexample } from "../core/verdict.ts";
import { assume } from "./judge.ts";

export interface HistoryFacts {
  /** Sentences from reading and pairing the record. */
  readonly problems: readonly string[];
  /** Clients that can have an operation open at once (k6's virtual users). */
  readonly processes: number;
  /** The load generator's own count of completed operations, up to the moment it was told to end. */
  readonly completedByLoad: number;
  /** When that was (ms): what completes later is in the history, and the generator may or may not have counted it. */
  readonly stoppedAt: number;
  /** Errors of the load script itself: k6 ends well when every iteration throws. */
  readonly exceptions: number;
}

/** The history pairs without problems, leaves no more operations open than there are clients, and holds as many completions as the load generator counted. */
export function historyValid(facts: HistoryFacts): Checker {
  return (evidence) => {
    const found: Counterexample[] = facts.problems.map((text) => ({ time: 0, text }));
    const completions = evidence.operations.filter((operation) => operation.answeredAt < Number.POSITIVE_INFINITY).length;
    const open = evidence.operations.length - completions;
    if (open > facts.processes)
      found.push({ time: evidence.endsAt, text: `${open} operations were never completed, but there were only ${facts.processes} clients.` });
    // What was under way when the generator was told to end may have been counted or not.
    const certain = evidence.operations.filter((operation) => operation.answeredAt < facts.stoppedAt).length;
    if (facts.completedByLoad < certain || facts.completedByLoad > evidence.operations.length) {
      const history = `${certain} completions before the load was ended and ${evidence.operations.length - certain} operations under way then`;
      found.push({ time: evidence.endsAt, text: `the history holds ${history}, but the load generator counted ${facts.completedByLoad}.` });
    }
    if (facts.exceptions > 0)
      found.push({ time: evidence.endsAt, text: `the load script itself failed ${facts.exceptions} times; its log says why.` });
    const text = {
      holds: `${completions} operations are complete and counted alike by the load generator; ${open} were open at the end.`,
      nothing: "The history is empty.",
    };
    return assume("the history is valid", evidence.operations.length, found, text, { completions, openOperations: open });
  };
}
