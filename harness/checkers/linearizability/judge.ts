/** From a specification to a model that `runproof check` can judge by: keys apart, the quickest algorithm that decides, and the answer in prose. */
import type { Json, Operation } from "../../core/history.ts";
import type { Anomaly, Answer, Model, ModelOptions, Removals } from "../../core/model.ts";
import { byKey, type Groups, together } from "./groups.ts";
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
type Decide = (operations: readonly Operation[], given: Json | undefined) => Decision | undefined;

/**
 * The same for who looks at the operations of all keys first, in the order in which they lie in memory: those of one key lie far apart.
 * @returns what decides the key with a number
 */
export interface Sweep {
  begin(groups: Groups, given: Json | undefined): (key: number) => Decision | undefined;
}

export type Decider = Decide | Sweep;

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
  const possible = sifted(specification, operations);
  if (typeof possible === "string") return undecided(possible);
  if (specification.initial(options.initial) === undefined) return undecided(`${JSON.stringify(options.initial)} is no initial state of this model.`);
  if (operations.length === 0) return undecided("The history has no operations: nothing was examined.");
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
  const groups = options.partition ? byKey(judged) : together(judged);
  const keyCount = judged.length === 0 ? 0 : groups.names.length;
  const asked = options.partition ? deciders : [];
  const deciding = asked.map((decider) =>
    typeof decider === "function" ? (key: number) => decider(groups.operations(key), options.initial) : decider.begin(groups, options.initial),
  );
  for (let key = 0; key < keyCount; key++) {
    const about = keyCount > 1 ? `key ${JSON.stringify(groups.names[key])}: ` : "";
    const decision = firstDecision(deciding, key);
    if (decision !== undefined) {
      algorithms.add(decision.algorithm);
      if (decision.contradiction === undefined) continue;
      wrongKeys++;
      const { text, operations: shown } = decision.contradiction;
      if (anomalies.length < anomaliesKept)
        anomalies.push({ type: "nonlinearizable", text: sentence(`${about}${text}`), operations: shown.map(({ index }) => index) });
      continue;
    }
    const ofKey = groups.operations(key);
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
    numbers: { possibleCount: possible.length, keyCount, configurationCount, searchPeakBytes: peakBytes },
  };
}

/**
 * The operations that may have happened: the list itself where all may, since most histories leave nothing out, and a copy takes more memory than some
 * algorithms. A sentence where the history says nothing to this model: what it does not know might change its state. One pass, because looking at every
 * operation once more takes as long as some algorithms do.
 */
function sifted<State>(specification: Specification<State>, operations: readonly Operation[]): readonly Operation[] | string {
  const { operations: known, malformed } = specification;
  let odd: string | undefined;
  let count = 0;
  for (let i = 0; i < operations.length; i++) {
    const operation = operations[i] as Operation;
    if (known[operation.f] === undefined)
      return `The model knows ${Object.keys(known).join(", ")}, and operation ${operation.index} is a ${JSON.stringify(operation.f)}: nothing was judged.`;
    if (mayHaveHappened(specification, operation)) count++;
    const wrong = odd === undefined && operation.outcome !== "fail" ? malformed?.(operation) : undefined;
    if (wrong !== undefined) odd = `Operation ${operation.index} (${operation.f}) has ${wrong}: nothing was judged.`;
  }
  if (odd !== undefined) return odd;
  return count === operations.length ? operations : operations.filter((operation) => mayHaveHappened(specification, operation));
}

function firstDecision(deciding: readonly ((key: number) => Decision | undefined)[], key: number): Decision | undefined {
  for (const decide of deciding) {
    const decision = decide(key);
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
