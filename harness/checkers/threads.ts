/**
 * Runs in threads, as their creates tell of them. Operations: `create` (key: the idempotency key; input `{thread, rule}`, without a thread it is none of these; output `{run}`). `rule`: what
 * becomes of it while another one of the thread is unfinished: `reject` (also where none is named) has it refused (409), `enqueue` put in line, and `interrupt` cancels the others.
 */
import type { Operation } from "../core/history.ts";
import { textField } from "./trail.ts";

export type Rule = "reject" | "enqueue" | "interrupt";

export interface ThreadRun {
  readonly run: string;
  readonly thread: string;
  readonly rule: Rule;
  /** The first answer that told of it. */
  readonly create: Operation;
  /** It was accepted neither before this, when its key was sent first, nor after `create` was answered (ms). */
  readonly askedAt: number;
}

export const threadOf = ({ input }: Operation): string => textField(input, "thread");
export const ruleOf = ({ input }: Operation): Rule => (textField(input, "rule") || "reject") as Rule;

const known = new WeakMap<readonly Operation[], ReadonlyMap<string, readonly ThreadRun[]>>();

/** The acknowledged runs of each thread, in the order of their answers. What is kept is kept for as long as the operations are. */
export function runsOfThreads(operations: readonly Operation[]): ReadonlyMap<string, readonly ThreadRun[]> {
  const kept = known.get(operations);
  if (kept) return kept;
  const creates = operations.filter(({ f }) => f === "create");
  const askedAt = new Map<string, number>();
  for (const { key, invokedAt } of creates) askedAt.set(key, Math.min(invokedAt, askedAt.get(key) ?? invokedAt));
  const runs = new Map<string, ThreadRun>();
  for (const create of creates) {
    const [run, thread] = [textField(create.output, "run"), threadOf(create)];
    if (create.outcome !== "ok" || run === "" || thread === "") continue;
    const first = runs.get(run);
    if (first && first.create.completedAt <= create.completedAt) continue;
    runs.set(run, {
      run,
      thread,
      rule: ruleOf(create),
      create,
      askedAt: create.key === "" ? create.invokedAt : (askedAt.get(create.key) ?? create.invokedAt),
    });
  }
  const inOrder = [...runs.values()].sort((a, b) => a.create.completedAt - b.create.completedAt);
  const threads = Map.groupBy(inOrder, ({ thread }) => thread);
  known.set(operations, threads);
  return threads;
}

/** Whether one had certainly been accepted when the other was asked for. Both are told by the clients' clock. */
export function wasBefore(one: ThreadRun, other: ThreadRun): boolean {
  return one.create.completedAt < other.askedAt;
}

/** For each run the first answer to a run of the same thread that came after it by the rule given. Left out are runs that none came after. */
export function firstAfter(operations: readonly Operation[], rule: Rule): ReadonlyMap<ThreadRun, ThreadRun> {
  const after = new Map<ThreadRun, ThreadRun>();
  for (const runs of runsOfThreads(operations).values()) {
    const later = runs.filter((one) => one.rule === rule);
    for (const run of runs) {
      const first = later.find((one) => wasBefore(run, one));
      if (first) after.set(run, first);
    }
  }
  return after;
}
