/** What `runproof check FILE --model NAME` can judge by: one file of `harness/checkers/models/` a model, whose name is the model's name. Pure. */
import type { Json, Operation } from "./history.ts";

export interface ModelOptions {
  /** The state before the first operation; absent: the model's own. */
  readonly initial?: Json;
  /** Judge each key apart where the model allows it (linearizability is local: Herlihy and Wing 1990, theorem 1). */
  readonly partition: boolean;
  readonly timeLimitMs: number;
  readonly memoryLimitBytes: number;
  /** The model's own settings under the names that its field uses: Elle's `consistency-models`, `anomalies`, `linearizable-keys?`. Absent: its defaults. */
  readonly settings?: Readonly<Record<string, Json>>;
  /** A monotonic clock (ms) for the time limit; the judge has none of its own. */
  now(): number;
}

/** One thing that contradicts the model, named as the field names it (`nonlinearizable`, `lost`, `duplicated`, `G1c`). */
export interface Anomaly {
  readonly type: string;
  /** A sentence that a sceptic can check against the history. */
  readonly text: string;
  /** Indices of the operations that show it, in the order in which the sentence names them. */
  readonly operations: readonly number[];
}

export interface Answer {
  /** `unknown`: undecided within the caps, or nothing was examined. Never to be taken for true. */
  readonly valid: boolean | "unknown";
  /** Which algorithm decided: `zones (Gibbons and Korach)`, `search (Wing, Gong, Lowe)`. */
  readonly algorithm: string;
  /** How many operations were examined. */
  readonly operations: number;
  readonly anomalies: readonly Anomaly[];
  /** Why it is unknown, or what was left out of the judgement, in sentences; empty if there is nothing to say. */
  readonly notes: readonly string[];
  /** Figures for the reader, unit last in the name: `lostCount`, `staleP99Ms`. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Of transactions: the weakest consistency models that the anomalies rule out, by Elle's names. Absent for models of one object. */
  readonly not?: readonly string[];
  /** Of transactions: the strongest consistency models that are not ruled out. */
  readonly strongest?: readonly string[];
}

/**
 * What may be left out of a history so that a valid one certainly stays valid (SEMANTICS, "Checkers"): only then does a smaller history that
 * violates prove that the whole one does. Each part is absent or false where that is not so.
 */
export interface Removals {
  /** The beginning of a valid history is valid, with what is open there unknown: true of safety properties, not of "everything is read in the end". */
  readonly suffix: boolean;
  /** Each key is an object of its own. */
  readonly keys: boolean;
  /** Whether the operation only observes, and nothing follows from its absence. */
  reads?(operation: Operation): boolean;
  /**
   * The values that the operation puts in, and those it observed (with those it depends on: what a compare-and-set expects). A value goes with every
   * operation that names it, and with it all that those put in. Operations that name none stay.
   */
  values?(operation: Operation): { readonly writes: readonly string[]; readonly observes: readonly string[] };
}

export interface Model {
  /** In one sentence: what the object is and which operations (`f`, input, output) it knows. */
  readonly what: string;
  /** Other names under which the field knows it. */
  readonly aliases: readonly string[];
  check(operations: readonly Operation[], options: ModelOptions): Answer;
  /** What `shrink.ts` may leave out; absent: nothing is known, so a counterexample is shown whole. */
  readonly removals?: Removals;
}
