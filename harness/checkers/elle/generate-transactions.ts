/** Histories of list-append from executions that are right by construction, and small ones that may be wrong, for the judges' tests. Pure, given a Random. */
import type { Json, Operation } from "../../core/history.ts";
import type { Random } from "../../core/random.ts";

export type Micro = readonly ["r", string, readonly number[] | null] | readonly ["append", string, number];

/**
 * Transactions of concurrent clients, each executed at one moment between its invocation and its answer (`strict`), or reading from a snapshot taken at its
 * invocation and committed only if nobody appended to its keys since (`snapshot`: snapshot isolation, which allows write skew).
 */
export function execute(random: Random, count: number, isolation: "strict" | "snapshot"): Operation[] {
  const store = new Map<string, number[]>();
  const operations: Operation[] = [];
  const running: {
    readonly index: number;
    readonly invokedAt: number;
    readonly micros: readonly Micro[];
    readonly snapshot: ReadonlyMap<string, number[]>;
  }[] = [];
  let element = 0;
  let index = 0;
  for (let time = 0; index < count || running.length > 0; time++) {
    if (index < count && (running.length === 0 || (running.length < 4 && random.next() < 0.6))) {
      const micros = Array.from({ length: random.integer(1, 4) }, (): Micro => {
        const key = random.pick(["x", "y", "z"]);
        return random.next() < 0.5 ? ["r", key, null] : ["append", key, element++];
      });
      const snapshot = new Map([...store].map(([key, list]) => [key, [...list]]));
      running.push({ index: index++, invokedAt: time, micros, snapshot });
      continue;
    }
    const [one] = running.splice(random.integer(0, running.length - 1), 1);
    if (one === undefined) continue;
    const clash = one.micros.some(([f, key]) => f === "append" && store.get(key)?.length !== one.snapshot.get(key)?.length);
    const fate =
      isolation === "snapshot" && clash ? "fail" : random.pick(["ok", "ok", "ok", "ok", "ok", "ok", "fail", "info", "info and done"] as const);
    const view = isolation === "snapshot" ? new Map([...one.snapshot].map(([key, list]) => [key, [...list]])) : store;
    const output = fate === "ok" || fate === "info and done" ? one.micros.map((micro) => apply(micro, view, store)) : [];
    const outcome = fate === "info and done" ? "info" : fate;
    const answer = outcome === "ok" ? (output as unknown as Json) : null;
    operations.push(
      transaction(one.index, `p${one.index}`, one.micros, answer, one.invokedAt, outcome === "info" ? Number.POSITIVE_INFINITY : time, outcome),
    );
  }
  return operations.sort((a, b) => a.index - b.index);
}

function apply(micro: Micro, view: Map<string, number[]>, store: Map<string, number[]>): Micro {
  const [f, key, value] = micro;
  if (f === "r") return ["r", key, [...(view.get(key) ?? [])]];
  for (const lists of new Set([view, store])) {
    const list = lists.get(key);
    if (list) list.push(value);
    else lists.set(key, [value]);
  }
  return micro;
}

/** A transaction as an operation; what it read is its output, of one that committed. */
function transaction(
  index: number,
  process: string,
  input: readonly Micro[],
  output: Json,
  invokedAt: number,
  completedAt: number,
  outcome: Operation["outcome"] = "ok",
): Operation {
  const times = { intendedAt: invokedAt, invokedAt, completedAt, answeredAt: completedAt };
  const served = outcome === "ok" ? "yes" : "error";
  return { index, process, f: "txn", key: "", input: input as unknown as Json, output, ...times, outcome, served, error: "", by: "" };
}

/** A few transactions whose reads show what a confused store may show, some of unknown outcome or refused, and one at the end that reads every key: a history that may be right or wrong. */
export function confused(random: Random): Operation[] {
  const keys = ["x", "y"];
  const appended = new Map<string, number[]>(keys.map((key) => [key, []]));
  let element = 1;
  const plans = Array.from({ length: random.integer(2, 4) }, () =>
    Array.from({ length: random.integer(1, 3) }, (): Micro => {
      const key = random.pick(keys);
      if (random.next() < 0.5) return ["r", key, null];
      appended.get(key)?.push(element);
      return ["append", key, element++];
    }),
  );
  const orders = new Map([...appended].map(([key, list]) => [key, random.next() < 0.7 ? list : random.shuffle(list)]));
  const starts = plans.map((_, i) => (random.next() < 0.5 ? i * 10 : 0));
  const operations = plans.map((micros, i) => {
    const output = micros.map(([f, key, value]) =>
      f === "append" ? [f, key, value] : ["r", key, (orders.get(key) ?? []).slice(0, random.integer(0, orders.get(key)?.length ?? 0))],
    );
    const from = starts[i] as number;
    return transaction(i, `p${i}`, micros, output as Json, from, from + random.integer(1, 25));
  });
  const all = keys.map((key): Micro => ["r", key, orders.get(key) ?? []]);
  const told = operations.map((one): Operation => {
    const fate = random.pick(["ok", "ok", "ok", "ok", "ok", "ok", "info", "fail"] as const);
    if (fate === "ok") return one;
    return { ...one, outcome: fate, output: null, served: "error", completedAt: fate === "info" ? Number.POSITIVE_INFINITY : one.completedAt };
  });
  return [...told, transaction(operations.length, "last", all, all as unknown as Json, 100, 101)];
}
