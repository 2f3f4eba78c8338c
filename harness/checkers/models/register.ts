/** A register: one value that is read and written. */
import type { Operation } from "../../core/history.ts";
import type { Model } from "../../core/model.ts";
import { linearizable } from "../linearizability/judge.ts";
import { brief } from "../linearizability/specification.ts";
import { listOf, nameOf } from "../linearizability/values.ts";
import { type Touch, zones } from "../linearizability/zones.ts";

export default registerModel(
  { what: "a register: write (input: the value) and read (output: the value); initially null", aliases: [] },
  { read: "read", write: "update" },
);

/** A register that knows some of read, write and cas (input: [from, to]). */
export function registerModel(
  names: { readonly what: string; readonly aliases: readonly string[] },
  known: Readonly<Record<string, "read" | "update">>,
): Model {
  return linearizable(
    names,
    {
      operations: known,
      relevant(operations, given) {
        const nullIsAValue = (given ?? null) === null || operations.some((operation) => touch(operation).writes === null);
        const says = nullIsAValue ? operations : operations.filter(({ f, output }) => f !== "read" || output !== null);
        const silent = operations.length - says.length;
        const note = `${silent} reads answered null, which the register never was: taken as reads whose value was not recorded (as in Knossos), and left out.`;
        return { operations: says, note: silent === 0 ? "" : note };
      },
      initial: (given) => nameOf(given),
      step(value, operation) {
        const { reads, writes } = touch(operation);
        if (reads !== undefined && nameOf(reads) !== value) return undefined;
        return writes === undefined ? value : nameOf(writes);
      },
      identify: (value) => value,
      revive: (name) => name,
      values(operation) {
        const { reads, writes } = touch(operation);
        return { writes: writes === undefined ? [] : [writes], observes: reads === undefined ? [] : [reads] };
      },
      describe: (value) => (typeof value === "number" ? `${value}` : brief(JSON.parse(value))),
      malformed: ({ f, input }) => (f === "cas" && listOf(input)?.length !== 2 ? `input ${brief(input)} where [from, to] is expected` : undefined),
    },
    (operations, given) => zones(operations, given ?? null, touch),
  );
}

function touch({ f, input, output }: Operation): Touch {
  if (f === "read") return { reads: output };
  if (f === "write") return { writes: input };
  const [reads, writes] = listOf(input) ?? [];
  return { reads: reads ?? null, writes: writes ?? null };
}
