/** Whether a small history of list-append has a serial order, by trying every one: what the dependency graph is compared with in tests. */
import type { Operation } from "../../core/history.ts";
import type { Micro } from "./generate-transactions.ts";

/** All transactions are committed. `strict`: the order also respects who was answered before whom was invoked. */
export function hasSerialOrder(
  operations: readonly Operation[],
  strict: boolean,
  store: ReadonlyMap<string, readonly number[]> = new Map(),
): boolean {
  if (operations.length === 0) return true;
  return operations.some((first) => {
    if (strict && operations.some((other) => other.completedAt < first.invokedAt)) return false;
    const after = run(first, store);
    return (
      after !== undefined &&
      hasSerialOrder(
        operations.filter((other) => other !== first),
        strict,
        after,
      )
    );
  });
}

function run({ output }: Operation, store: ReadonlyMap<string, readonly number[]>): ReadonlyMap<string, readonly number[]> | undefined {
  const after = new Map(store);
  for (const [f, key, value] of output as unknown as readonly Micro[]) {
    const list = after.get(key) ?? [];
    if (f === "append") after.set(key, [...list, value]);
    else if (list.length !== value?.length || !list.every((one, i) => one === value[i])) return undefined;
  }
  return after;
}
