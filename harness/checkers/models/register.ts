/** A register: one value that is read and written. */
import type { Json, Operation } from "../../core/history.ts";
import type { Model } from "../../core/model.ts";
import { linearizable } from "../linearizability/judge.ts";
import { overwritten } from "../linearizability/overwritten.ts";
import { brief } from "../linearizability/specification.ts";
import { listOf, nameOf } from "../linearizability/values.ts";
import { zones } from "../linearizability/zones.ts";

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
        if ((given ?? null) === null || !operations.some(isSilent) || operations.some((operation) => writes(operation) === null))
          return { operations, note: "" };
        const says = operations.filter((operation) => !isSilent(operation));
        const silent = operations.length - says.length;
        const note = `${silent} reads answered null, which the register never was: taken as reads whose value was not recorded (as in Knossos), and left out.`;
        return { operations: says, note };
      },
      initial: (given) => nameOf(given),
      step(value, operation) {
        const [read, written] = [reads(operation), writes(operation)];
        if (read !== undefined && nameOf(read) !== value) return undefined;
        return written === undefined ? value : nameOf(written);
      },
      identify: (value) => value,
      revive: (name) => name,
      values(operation) {
        const [read, written] = [reads(operation), writes(operation)];
        return { writes: written === undefined ? [] : [written], observes: read === undefined ? [] : [read] };
      },
      describe: (value) => (typeof value === "number" ? `${value}` : brief(JSON.parse(value))),
      malformed: ({ f, input }) => (f === "cas" && listOf(input)?.length !== 2 ? `input ${brief(input)} where [from, to] is expected` : undefined),
    },
    zones({ reads, writes }, (given) => given ?? null),
    (operations, given) => overwritten(operations, given ?? null, { reads, writes }),
  );
}

const isSilent = ({ f, output }: Operation): boolean => f === "read" && output === null;

function reads({ f, input, output }: Operation): Json | undefined {
  return f === "read" ? output : f === "cas" ? (listOf(input)?.[0] ?? null) : undefined;
}

function writes({ f, input }: Operation): Json | undefined {
  return f === "write" ? input : f === "cas" ? (listOf(input)?.[1] ?? null) : undefined;
}
