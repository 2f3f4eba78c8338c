/** Whether a small history of lists or registers has a serial order, by trying every one: what the dependency graph is compared with in tests. */
import type { Json, Operation } from "../../core/history.ts";
import { nameOf } from "../linearizability/values.ts";

type Store = ReadonlyMap<string, Json>;
type Micro = readonly [f: string, key: string, value: Json];

/** Of all that were committed and any of unknown outcome. `strict`: the order also respects who was answered before whom was invoked. */
export function hasSerialOrder(operations: readonly Operation[], strict: boolean, store: Store = new Map()): boolean {
  if (operations.every(({ outcome }) => outcome !== "ok")) return true;
  return operations.some((first) => {
    if (first.outcome === "fail") return false;
    if (strict && operations.some((other) => other.outcome === "ok" && other.completedAt < first.invokedAt)) return false;
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

/** The store afterwards; undefined where a read shows something else: the elements appended (none: an empty list), or what was written last (null: nothing). */
function run({ input, output, outcome }: Operation, store: Store): Store | undefined {
  const after = new Map(store);
  for (const [f, key, value] of (outcome === "ok" ? output : input) as unknown as readonly Micro[]) {
    const now = after.get(key);
    if (f === "w") after.set(key, value);
    else if (f === "append") after.set(key, [...((now ?? []) as readonly Json[]), value]);
    else if (outcome === "ok" && nameOf(value) !== nameOf(now ?? (Array.isArray(value) ? [] : null))) return undefined;
  }
  return after;
}
