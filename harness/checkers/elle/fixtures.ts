/** Short ways to write histories of other people's kind down in tests. */
import type { Json, Operation, Outcome } from "../../core/history.ts";
import type { Answer, Model, ModelOptions } from "../../core/model.ts";
import type { Random } from "../../core/random.ts";

export interface Line {
  readonly type: "invoke" | Outcome;
  readonly process?: Json;
  readonly f?: string | null;
  readonly value?: Json;
  readonly time?: number | null;
}

/** Options without limits, all keys apart. */
export const options: ModelOptions = {
  partition: true,
  timeLimitMs: Number.POSITIVE_INFINITY,
  memoryLimitBytes: Number.POSITIVE_INFINITY,
  now: () => 0,
};

/**
 * Jepsen's lines as operations, timed by their order, 1 ms each. A completion without an invocation may have been invoked at any time before. Indices are
 * those of the operations, not of the lines.
 */
export function historyOf(lines: readonly Line[]): Operation[] {
  const operations: Operation[] = [];
  const open = new Map<string, number[]>();
  for (const [at, { type, process = 0, f, value = null }] of lines.entries()) {
    const name = String(process);
    const pending = open.get(name) ?? [];
    if (type === "invoke") {
      open.set(name, [...pending, operations.length]);
      operations.push(begun(operations.length, name, f ?? "txn", value, at));
      continue;
    }
    const same = pending.filter((i) => (operations[i] as Operation).f === (f ?? "txn"));
    const place = same.find((i) => JSON.stringify(operations[i]?.input) === JSON.stringify(value)) ?? same[0] ?? operations.length;
    open.set(
      name,
      pending.filter((i) => i !== place),
    );
    const operation = operations[place] ?? begun(place, name, f ?? "txn", value, -1);
    const completedAt = type === "info" ? Number.POSITIVE_INFINITY : at;
    operations[place] = { ...operation, output: value, outcome: type, served: type === "ok" ? "yes" : "error", completedAt, answeredAt: at };
  }
  return operations;
}

function begun(index: number, process: string, f: string, input: Json, at: number): Operation {
  const never = Number.POSITIVE_INFINITY;
  const times = { intendedAt: at, invokedAt: at, completedAt: never, answeredAt: never };
  return { index, process, f, key: "", input, output: null, ...times, outcome: "info", served: "error", error: "", by: "" };
}

/**
 * What the model finds, in the given order and in another one.
 *
 * @throws Error where the order of the lines changes what is found, although the times say all
 */
export function inAnyOrder(model: Model, operations: readonly Operation[], settings: ModelOptions["settings"], random: Random): Answer {
  const judged = (order: readonly Operation[]): Answer => model.check(order, { ...options, ...(settings && { settings }) });
  // Which of several anomalies of a kind are told may differ.
  const told = ({ valid, anomalies }: Answer): string => JSON.stringify([valid, [...new Set(anomalies.map(({ type }) => type))].sort()]);
  const answer = judged(operations);
  const other = judged(random.shuffle(operations));
  if (told(answer) !== told(other)) throw new Error(`${told(answer)}, and in another order of the lines ${told(other)}`);
  return answer;
}
