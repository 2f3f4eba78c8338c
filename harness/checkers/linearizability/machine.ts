/** A specification made ready for the search: states and effects are numbers, equal exactly where the states are equal. */
import type { Json, Operation } from "../../core/history.ts";
import { grown, type Memory } from "./memory.ts";
import type { Specification } from "./specification.ts";
import { statesOf } from "./states.ts";

export interface Machine {
  readonly initial: number;
  /**
   * The state after the operation at this position, or -1 where it contradicts the state.
   * @throws outOfMemory
   */
  step(state: number, position: number): number;
  /** By position: 1 where the operation never changes a state. */
  readonly reads: Uint8Array;
  /** By position: operations of one class have the same effect in every state. */
  readonly classes: Int32Array;
  readonly classCount: number;
  /** What the operation at this position finds in this state, in words. */
  describe(state: number, position: number): string;
}

/** Results that are remembered, by state and class: of the first states, all of a register and the first ones of a log. */
const rememberedAtMost = 1 << 20;
const unknown = -2;

/**
 * @param operations those that may have happened
 * @throws outOfMemory
 */
export function machineOf<State>(specification: Specification<State>, operations: readonly Operation[], initial: State, memory: Memory): Machine {
  const { reads, classes, classCount } = classify(specification, operations);
  memory.take(operations.length * 5);
  const states = statesOf(specification, memory);
  const narrow = specification.narrow?.(operations, initial);
  const rememberedStates = Math.floor(rememberedAtMost / Math.max(1, classCount));
  let results = new Int32Array(Math.min(rememberedStates, 4) * classCount).fill(unknown);
  memory.take(results.byteLength);

  const compute = (state: number, position: number): number => {
    const before = states.at(state);
    const stepped = specification.step(before, operations[position] as Operation);
    const after = stepped === undefined || stepped === before || narrow === undefined ? stepped : narrow(stepped);
    return after === undefined ? -1 : states.numberOf(after);
  };
  return {
    initial: states.numberOf(initial),
    step(state, position) {
      if (state >= rememberedStates) return compute(state, position);
      const place = state * classCount + (classes[position] as number);
      while (place >= results.length) {
        const from = results.length;
        results = grown(results, memory).fill(unknown, from);
      }
      const known = results[place] as number;
      if (known !== unknown) return known;
      const after = compute(state, position);
      results[place] = after;
      return after;
    },
    reads,
    classes,
    classCount,
    describe: (state) => specification.describe(states.at(state)),
  };
}

/** Equal exactly for equal values: all but numbers as their JSON. */
const json = (value: Json): string | number | null => (typeof value === "number" || value === null ? value : JSON.stringify(value));
/** What stands for the output of an operation that was not answered: no JSON. */
const unanswered = "?";
/** More than there are operations, so that two numbers of something make one. */
const many = 2 ** 26;

function classify<State>(specification: Specification<State>, operations: readonly Operation[]) {
  const reads = new Uint8Array(operations.length);
  const classes = new Int32Array(operations.length);
  const doers = new Map<string, number>();
  const inputs = new Map<string | number | null, number>();
  const outputs = new Map<string | number | null, number>();
  const values = new Map<number, number>();
  const effects = new Map<number, number>();
  for (let position = 0; position < operations.length; position++) {
    const operation = operations[position] as Operation;
    const { f, input, output, outcome } = operation;
    if (specification.operations[f] === "read") reads[position] = 1;
    const actor = specification.actor?.(operation);
    const doer = numberIn(doers, actor === undefined ? f : `${f} ${actor}`);
    const answer = numberIn(outputs, outcome === "ok" ? json(output) : unanswered);
    const value = numberIn(values, numberIn(inputs, json(input)) * many + answer);
    classes[position] = numberIn(effects, doer * many + value);
  }
  return { reads, classes, classCount: effects.size };
}

/** The number of the key among those met so far. */
function numberIn<Key>(known: Map<Key, number>, key: Key): number {
  let number = known.get(key);
  if (number === undefined) {
    number = known.size;
    known.set(key, number);
  }
  return number;
}
