/** From a specification to a model that `runproof check` can judge by: keys apart, the quickest algorithm that decides, and the answer in prose. */
import type { Json, Operation } from "../../core/history.ts";
import type { Anomaly, Answer, Model, ModelOptions, Removals } from "../../core/model.ts";
import { machineOf } from "./machine.ts";
import { productOf } from "./product.ts";
import { type Found, search } from "./search.ts";
import { mayHaveHappened, type Specification, told } from "./specification.ts";
import { timelineOf } from "./timeline.ts";
import { nameOf } from "./values.ts";

/** What an algorithm for a special case found: linearizable unless it names what contradicts. */
export interface Decision {
  readonly algorithm: string;
  readonly contradiction?: { readonly text: string; readonly operations: readonly Operation[] };
}

/**
 * Decides a special case of a model in near-linear time; undefined where the history is none.
 *
 * @param operations of one key, those that may have happened, in any order
 * @param given the user's initial value
 */
export type Decider = (operations: readonly Operation[], given: Json | undefined) => Decision | undefined;

const searched = "search (Wing, Gong, Lowe)";
const anomaliesKept = 10;

/** A model of linearizability. The deciders are asked in order before the search. */
export function linearizable<State>(
  names: { readonly what: string; readonly aliases: readonly string[] },
  specification: Specification<State>,
  ...deciders: readonly Decider[]
): Model {
  return { ...names, check: (operations, options) => judge(specification, deciders, operations, options), removals: removalsOf(specification) };
}

/** Linearizability is a safety property and local (Herlihy and Wing 1990), and a read changes nothing. */
function removalsOf<State>({ operations, values }: Specification<State>): Removals {
  const name = (value: Json): string => JSON.stringify(nameOf(value));
  return {
    suffix: true,
    keys: true,
    reads: ({ f }) => operations[f] === "read",
    ...(values && {
      values(operation) {
        const { writes, observes } = values(operation);
        return { writes: writes.map(name), observes: observes.map(name) };
      },
    }),
  };
}

function judge<State>(
  specification: Specification<State>,
  deciders: readonly Decider[],
  operations: readonly Operation[],
  options: ModelOptions,
): Answer {
  const undecided = (note: string): Answer => ({ valid: "unknown", algorithm: "none", operations: 0, anomalies: [], notes: [note], numbers: {} });
  const problem = unsuitable(specification, operations);
  if (problem !== undefined) return undecided(problem);
  if (specification.initial(options.initial) === undefined) return undecided(`${JSON.stringify(options.initial)} is no initial state of this model.`);
  if (operations.length === 0) return undecided("The history has no operations: nothing was examined.");
  const possible = allOrSome(operations, (operation) => mayHaveHappened(specification, operation));
  const { operations: judged, note } = specification.relevant?.(possible, options.initial) ?? { operations: possible, note: "" };

  const deadline = options.now() + options.timeLimitMs;
  const anomalies: Anomaly[] = [];
  const notes = note === "" ? [] : [note];
  if (judged.length === 0) notes.push("No operation may have happened and says anything: the history contradicts nothing, and shows nothing.");
  const algorithms = new Set<string>();
  let configurationCount = 0;
  let peakBytes = 0;
  let wrongKeys = 0;
  let undecidedKeys = 0;
  const keys = options.partition || judged.length === 0 ? byKey(judged) : new Map([["", judged]]);
  const named = keys.size > 1;
  for (const [key, ofKey] of keys) {
    const about = named ? `key ${JSON.stringify(key)}: ` : "";
    const decision = options.partition ? firstDecision(deciders, ofKey, options.initial) : undefined;
    if (decision !== undefined) {
      algorithms.add(decision.algorithm);
      if (decision.contradiction === undefined) continue;
      wrongKeys++;
      const { text, operations: shown } = decision.contradiction;
      if (anomalies.length < anomaliesKept)
        anomalies.push({ type: "nonlinearizable", text: sentence(`${about}${text}`), operations: shown.map(({ index }) => index) });
      continue;
    }
    const { found, anomaly } = searchFor(specification, ofKey, options, deadline);
    algorithms.add(searched);
    configurationCount += found.configurations;
    peakBytes = Math.max(peakBytes, found.bytes);
    if (found.linearizable === false) {
      wrongKeys++;
      if (anomaly !== undefined && anomalies.length < anomaliesKept) anomalies.push({ ...anomaly, text: sentence(`${about}${anomaly.text}`) });
    } else if (found.linearizable !== true) {
      undecidedKeys++;
      const cap =
        found.linearizable === "out of time"
          ? `the time limit of ${options.timeLimitMs} ms`
          : `the memory limit of ${options.memoryLimitBytes} bytes`;
      if (notes.length < anomaliesKept)
        notes.push(sentence(`${about}undecided: the search met ${cap} after ${found.configurations} configurations of ${ofKey.length} operations.`));
    }
  }
  if (wrongKeys > anomalies.length) notes.push(`${wrongKeys - anomalies.length} more keys are not linearizable.`);
  return {
    valid: wrongKeys > 0 ? false : undecidedKeys > 0 ? "unknown" : true,
    algorithm: [...algorithms].sort().join(" and ") || "none",
    operations: operations.length,
    anomalies,
    notes,
    numbers: { possibleCount: possible.length, keyCount: keys.size, configurationCount, searchPeakBytes: peakBytes },
  };
}

/** Why the history says nothing to this model: what it does not know might change its state. */
function unsuitable<State>({ operations: known, malformed }: Specification<State>, operations: readonly Operation[]): string | undefined {
  const foreign = operations.find(({ f }) => known[f] === undefined);
  if (foreign !== undefined)
    return `The model knows ${Object.keys(known).join(", ")}, and operation ${foreign.index} is a ${JSON.stringify(foreign.f)}: nothing was judged.`;
  const wrong = malformed && operations.find((operation) => operation.outcome !== "fail" && malformed(operation) !== undefined);
  return wrong && `Operation ${wrong.index} (${wrong.f}) has ${malformed(wrong)}: nothing was judged.`;
}

/** Those that are so. The list itself where all are: most histories leave nothing out, and a copy takes more memory than some algorithms. */
function allOrSome(operations: readonly Operation[], is: (operation: Operation) => boolean): readonly Operation[] {
  return operations.every(is) ? operations : operations.filter(is);
}

function byKey(operations: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  const [first] = operations;
  if (first !== undefined && operations.every(({ key }) => key === first.key)) return new Map([[first.key, operations]]);
  const keys = new Map<string, Operation[]>();
  let last: Operation[] = [];
  for (const operation of operations) {
    if (operation.key !== last[0]?.key) {
      last = keys.get(operation.key) ?? [];
      if (last.length === 0) keys.set(operation.key, last);
    }
    last.push(operation);
  }
  return keys;
}

function firstDecision(deciders: readonly Decider[], operations: readonly Operation[], given: Json | undefined): Decision | undefined {
  for (const decide of deciders) {
    const decision = decide(operations, given);
    if (decision !== undefined) return decision;
  }
  return undefined;
}

function searchFor<State>(
  specification: Specification<State>,
  operations: readonly Operation[],
  options: ModelOptions,
  deadline: number,
): { readonly found: Found; readonly anomaly?: Anomaly } {
  const initial = specification.initial(options.initial) as State;
  const machine = options.partition ? machineOf : productOf;
  const found = search(timelineOf(operations), (memory) => machine(specification, operations, initial, memory), {
    expired: () => options.now() > deadline,
    memoryBytes: options.memoryLimitBytes,
  });
  if (found.obstacle === undefined) return { found };
  const { position, cause, states } = found.obstacle;
  const stuck = operations[position] as Operation;
  const changed = cause < 0 ? undefined : (operations[cause] as Operation);
  const where = states.join(", or ");
  const after = changed === undefined ? "which begins with the object as it was at first" : `whose last change is ${told(changed)}`;
  const text = `no order places ${told(stuck)} before its return: the order that gets farthest, ${after}, leads to where it is ${where}.`;
  return {
    found,
    anomaly: { type: "nonlinearizable", text, operations: changed === undefined ? [stuck.index] : [stuck.index, changed.index] },
  };
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
