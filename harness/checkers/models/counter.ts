/** A number that is added to, and read. */
import type { Json, Operation } from "../../core/history.ts";
import { bounds, type Counted, equalSteps } from "../linearizability/equal-steps.ts";
import { linearizable } from "../linearizability/judge.ts";
import { brief } from "../linearizability/specification.ts";

export default linearizable(
  {
    what: "a counter: add (input: how much, may be negative), increment and decrement (input: how much, else 1) and read (output: the number); initially 0",
    aliases: [],
  },
  {
    operations: { read: "read", add: "update", increment: "update", decrement: "update" },
    initial: (given): number | undefined => (given === undefined || given === null ? 0 : isWhole(given) ? given : undefined),
    step(value, operation) {
      if (operation.f === "read") return operation.output === value ? value : undefined;
      return value + stepOf(operation);
    },
    identify: (value) => value,
    revive: Number,
    describe: String,
    malformed({ f, input, output, outcome }) {
      const isRead = f === "read";
      if (isRead ? outcome !== "ok" || isWhole(output) : isWhole(input) || (input === null && f !== "add")) return undefined;
      return `${isRead ? `output ${brief(output)}` : `input ${brief(input)}`} where a whole number is expected`;
    },
  },
  (operations, given) => bounds(counted(operations), typeof given === "number" ? given : 0),
  (operations, given) => equalSteps(counted(operations), typeof given === "number" ? given : 0),
);

// Sums of fractions depend on the order.
const isWhole = (value: Json): value is number => Number.isSafeInteger(value);

function stepOf({ f, input }: Operation): number {
  const by = typeof input === "number" ? input : 1;
  return f === "decrement" ? -by : by;
}

function counted(operations: readonly Operation[]): Counted {
  const reads = operations.filter(({ f }) => f === "read").map((operation) => ({ operation, value: operation.output as number }));
  const steps = operations.filter(({ f }) => f !== "read").map((operation) => ({ operation, by: stepOf(operation) }));
  return { reads, steps };
}
