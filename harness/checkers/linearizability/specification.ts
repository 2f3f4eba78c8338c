/** What a model of linearizability is: a pure step function over states, and what the engine has to know of its operations. */
import type { Json, Operation } from "../../core/history.ts";

export interface Specification<State> {
  /** The operations it knows, by `f`. A `read` changes no state, ever; an `update` may. */
  readonly operations: Readonly<Record<string, "read" | "update">>;
  /** @param given the user's initial value; absent: the model's own. Undefined: it is no state of this object. */
  initial(given: Json | undefined): State | undefined;
  /**
   * The state after the operation, or undefined where its output contradicts the state. The output of an operation of outcome `info` is unknown:
   * such an operation steps to the state it leaves behind if it happened.
   */
  step(state: State, operation: Operation): State | undefined;
  /** Equal for equal states and for no others: verdicts rest on it. */
  identify(state: State): string | number;
  /** The state that `identify` named so: a search keeps names, which take a known amount of memory. */
  revive(name: string | number): State;
  /** The state in words, to follow "it is": `locked by c1`. */
  describe(state: State): string;
  /** What is wrong with an operation's values, to follow "operation 7 (cas) has": `input 3 where [from, to] is expected`; undefined: nothing. */
  malformed?(operation: Operation): string | undefined;
  /** The operations that bear on the verdict, where some do not, and a sentence that says which; from those that may have happened. */
  relevant?(operations: readonly Operation[], given: Json | undefined): { readonly operations: readonly Operation[]; readonly note: string };
  /**
   * What the answers of the whole history say of the states on the way: of a state that an update leaves, what is left to tell apart, or undefined where no
   * order with those answers goes through it.
   */
  narrow?(operations: readonly Operation[], initial: State): (state: State) => State | undefined;
  /** Values that the operation puts in, and those it observed or expects, where a value can be left out of a history with all that names it (`Removals.values`). */
  values?(operation: Operation): { readonly writes: readonly Json[]; readonly observes: readonly Json[] };
  /** What distinguishes operations of one `f` beside input and output: the client of a lock. */
  actor?(operation: Operation): string;
}

/** Operations that may have happened: `fail` certainly did not, and a read that nobody got an answer to says nothing and changes nothing. */
export function mayHaveHappened<State>(specification: Specification<State>, operation: Operation): boolean {
  return operation.outcome === "ok" || (operation.outcome === "info" && specification.operations[operation.f] === "update");
}

/** An operation as a reader finds it in the history: `operation 7 (process 3: read -> 2, 110.5 to 112 ms)`. */
export function told(operation: Operation): string {
  const { index, process, invokedAt, completedAt, answeredAt } = operation;
  const until =
    completedAt < Number.POSITIVE_INFINITY ? `${milliseconds(invokedAt)} to ${milliseconds(completedAt)} ms` : `from ${milliseconds(invokedAt)} ms`;
  const lost = operation.outcome === "ok" ? "" : `, outcome unknown${answeredAt < Number.POSITIVE_INFINITY ? "" : ", never answered"}`;
  return `operation ${index} (process ${process}: ${shown(operation)}, ${until}${lost})`;
}

/** `write 4`, `read -> 2`, `cas [1,2]`: an output that repeats the input is left out. */
function shown({ f, input, output, outcome }: Operation): string {
  const given = input === null ? "" : ` ${brief(input)}`;
  const answered = outcome === "ok" && (input === null || output !== null) && JSON.stringify(output) !== JSON.stringify(input);
  return `${f}${given}${answered ? ` -> ${brief(output)}` : ""}`;
}

/** JSON, cut where nobody would read on. */
export function brief(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 60)}... (${text.length} characters)` : text;
}

const milliseconds = (time: number): string => `${Math.round(time * 1000) / 1000}`;
