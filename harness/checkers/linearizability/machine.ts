/** A specification made ready for the search: states and effects are numbers, equal exactly where the states are equal. */
import type { Operation } from "../../core/history.ts";
import type { Specification } from "./specification.ts";

export interface Machine {
  readonly initial: number;
  /** The state after the operation at this position, or -1 where it contradicts the state. */
  step(state: number, position: number): number;
  /** By position: 1 where the operation never changes a state. */
  readonly reads: Uint8Array;
  /** By position: operations of one class have the same effect in every state. */
  readonly classes: Int32Array;
  readonly classCount: number;
  /** What the operation at this position finds in this state, in words. */
  describe(state: number, position: number): string;
  /** Memory that its tables take. */
  bytes(): number;
}

/** Effects so few that a row of results for each state is cheap. */
const memoisedClasses = 256;
/** What V8 takes for an entry of a Map with a short key, measured from above. */
const bytesOfEntry = 100;

/** @param operations those that may have happened */
export function machineOf<State>(specification: Specification<State>, operations: readonly Operation[], initial: State): Machine {
  const states: State[] = [];
  const numbers = new Map<string | number, number>();
  const rows: Int32Array[] = [];
  const { reads, classes, classCount } = classify(specification, operations);
  const memoised = classCount <= memoisedClasses;
  const unknown = -2;
  let bytes = operations.length * 5;

  const numberOf = (state: State): number => {
    const name = specification.identify(state);
    let number = numbers.get(name);
    if (number === undefined) {
      number = states.length;
      numbers.set(name, number);
      states.push(state);
      bytes += bytesOfEntry + (typeof name === "string" ? 2 * name.length : 0);
    }
    return number;
  };
  const compute = (state: number, position: number): number => {
    const after = specification.step(states[state] as State, operations[position] as Operation);
    return after === undefined ? -1 : numberOf(after);
  };
  const remembered = (state: number, position: number): number => {
    let row = rows[state];
    if (row === undefined) {
      row = new Int32Array(classCount).fill(unknown);
      rows[state] = row;
      bytes += 4 * classCount + bytesOfEntry;
    }
    const of = classes[position] as number;
    const known = row[of] as number;
    if (known !== unknown) return known;
    const after = compute(state, position);
    row[of] = after;
    return after;
  };
  return {
    initial: numberOf(initial),
    step: memoised ? remembered : compute,
    reads,
    classes,
    classCount,
    describe: (state) => specification.describe(states[state] as State),
    bytes: () => bytes,
  };
}

function classify<State>(specification: Specification<State>, operations: readonly Operation[]) {
  const reads = new Uint8Array(operations.length);
  const classes = new Int32Array(operations.length);
  const known = new Map<string, number>();
  for (const [position, operation] of operations.entries()) {
    const { f, input, output, outcome } = operation;
    if (specification.operations[f] === "read") reads[position] = 1;
    const effect = JSON.stringify([f, specification.actor?.(operation) ?? null, input, outcome === "ok" ? [output] : null]);
    let number = known.get(effect);
    if (number === undefined) {
      number = known.size;
      known.set(effect, number);
    }
    classes[position] = number;
  }
  return { reads, classes, classCount: known.size };
}
