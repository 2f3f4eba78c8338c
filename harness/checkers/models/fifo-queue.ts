/** A queue in which what was put first is taken first. */
import { linearizable } from "../linearizability/judge.ts";
import { firstInFirstOut } from "../linearizability/queues.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";

export default linearizable(
  {
    what: "a FIFO queue: enqueue (input: the element, at the end) and dequeue (output: the element at the front; null: it was empty); initially empty",
    aliases: ["fifo"],
  },
  {
    operations: { enqueue: "update", dequeue: "update" },
    initial: (given): readonly Name[] | undefined => listOf(given ?? [])?.map(nameOf),
    step(elements, { f, input, output, outcome }) {
      if (f === "enqueue") return [...elements, nameOf(input)];
      if (outcome !== "ok") return elements.slice(1);
      if (output === null) return elements.length === 0 ? elements : undefined;
      return elements[0] === nameOf(output) ? elements.slice(1) : undefined;
    },
    identify: (elements) => JSON.stringify(elements),
    revive: (name) => JSON.parse(`${name}`),
    values: ({ f, input, output }) =>
      f === "enqueue" ? { writes: [input], observes: [] } : { writes: [], observes: output === null ? [] : [output] },
    // An element that nobody took stays for ever, and what is behind it tells nothing.
    narrow(operations) {
      const dequeues = operations.filter(({ f }) => f === "dequeue");
      if (dequeues.some(({ outcome }) => outcome !== "ok")) return (elements) => elements;
      const taken = Map.groupBy(dequeues, ({ output }) => nameOf(output));
      return (elements) => {
        const seen = new Map<Name, number>();
        for (const [i, name] of elements.entries()) {
          const count = (seen.get(name) ?? 0) + 1;
          if (count > (taken.get(name)?.length ?? 0)) return elements.length > i + 1 ? [...elements.slice(0, i + 1), "..."] : elements;
          seen.set(name, count);
        }
        return elements;
      };
    },
    describe: (elements) => `[${elements.slice(0, 20).join(", ")}]${elements.length > 20 ? ` and ${elements.length - 20} more` : ""}`,
    malformed: ({ f, input }) => (f === "enqueue" && input === null ? "input null where an element is expected" : undefined),
  },
  (operations, given) => ((listOf(given ?? []) ?? []).length === 0 ? firstInFirstOut(operations) : undefined),
);
