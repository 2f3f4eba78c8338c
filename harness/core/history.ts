/**
 * The history of what clients saw, in Jepsen's words: one line when an operation is invoked, before the request leaves, and one when it completes.
 * The types and the rules for pairing lines; reading files is `run/`'s business.
 */

/** Whether an operation happened: `ok` it did, `fail` it certainly did not, `info` nobody knows, so checkers allow both. */
export type Outcome = "ok" | "fail" | "info";

/** How the client was served, for availability: answered, refused on purpose (429, 503, a 409 that is part of the protocol), or an error. */
export type Served = "yes" | "shed" | "error";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Times are milliseconds of the recorder's clock; the recorder's `clock` lines pair it with the harness clock. */
export interface InvokeLine {
  readonly type: "invoke";
  readonly time: number;
  /** A logical single-threaded client. It is retired after an operation that ended `info` and goes on under a new name. */
  readonly process: string;
  /** The operation's name in the target's protocol: `create`, `wait`, `turn`. */
  readonly f: string;
  /** What the operation is about: an idempotency key, a run, an agent. */
  readonly key?: string;
  readonly value?: Json;
  /** When the schedule wanted the operation to start (open model); absent where the client waits for its own previous operation. */
  readonly intended?: number;
}

export interface CompleteLine {
  readonly type: Outcome;
  readonly time: number;
  readonly process: string;
  readonly f: string;
  readonly served: Served;
  readonly value?: Json;
  readonly error?: string;
  /** The instance that answered, where it says so. */
  readonly by?: string;
}

/** `time` of the recorder was `harness` on the harness clock, give or take `delta` (half the round trip), all in ms. */
interface ClockLine {
  readonly type: "clock";
  readonly time: number;
  readonly harness: number;
  readonly delta: number;
}

/** "I am still recording": written every 100 ms, so that a judge of a cut-off record knows up to when absence means absence. */
interface BeatLine {
  readonly type: "beat";
  readonly time: number;
}

export type HistoryLine = InvokeLine | CompleteLine | ClockLine | BeatLine;

/** An invocation with its completion, on the harness clock (ms since the experiment began). */
export interface Operation {
  /** Position of the invocation among all invocations of the history. */
  readonly index: number;
  readonly process: string;
  readonly f: string;
  readonly key: string;
  readonly input: Json;
  readonly output: Json;
  readonly intendedAt: number;
  readonly invokedAt: number;
  /** Infinity while nobody knows: an `info` operation may take effect at any later time. */
  readonly completedAt: number;
  /** When the client stopped waiting; Infinity where the record ends first. Equals `completedAt` for ok and fail. */
  readonly answeredAt: number;
  readonly outcome: Outcome;
  readonly served: Served;
  readonly error: string;
  readonly by: string;
}

/** A client that was ended by the harness in the middle of an operation says that it failed; in truth it stopped waiting, which says nothing of the target. Both times on one clock (ms). */
export function wasInterrupted(outcome: Outcome, answeredAt: number, loadEndsAt: number): boolean {
  return outcome === "info" && answeredAt >= loadEndsAt;
}

/** How long the client waited for its answer, from sending (ms). */
export function tookMs({ invokedAt, answeredAt }: Pick<Operation, "invokedAt" | "answeredAt">): number {
  return answeredAt - invokedAt;
}
