/** A queue that keeps no order: what was put is taken once. */
import type { Json } from "../../core/history.ts";
import { linearizable } from "../linearizability/judge.ts";
import { unordered } from "../linearizability/queues.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";

interface State {
  readonly elements: readonly Name[];
  /** Dequeues of unknown outcome that may have taken an element each; which one matters to nobody until the queue is found empty. */
  readonly mayLack: number;
}

const byText = (a: Name, b: Name): number => (`${a}` < `${b}` ? -1 : 1);
const contents = (given: Json | undefined): readonly Name[] | undefined => listOf(given ?? [])?.map(nameOf);

export default linearizable(
  {
    what: "a queue without order: enqueue (input: the element) and dequeue (output: any element that is in it; null: it was empty); initially empty",
    aliases: ["unordered-queue", "bag"],
  },
  {
    operations: { enqueue: "update", dequeue: "update" },
    initial(given): State | undefined {
      const elements = contents(given);
      return elements === undefined ? undefined : { elements: [...elements].sort(byText), mayLack: 0 };
    },
    step({ elements, mayLack }, { f, input, output, outcome }): State | undefined {
      if (f === "enqueue") return { elements: [...elements, nameOf(input)].sort(byText), mayLack };
      if (outcome !== "ok") return { elements, mayLack: mayLack + 1 };
      if (output === null) return elements.length <= mayLack ? { elements: [], mayLack: mayLack - elements.length } : undefined;
      const at = elements.indexOf(nameOf(output));
      return at < 0 ? undefined : { elements: elements.toSpliced(at, 1), mayLack };
    },
    identify: ({ elements, mayLack }) => JSON.stringify([mayLack, elements]),
    revive(name) {
      const [mayLack, elements] = JSON.parse(`${name}`);
      return { elements, mayLack };
    },
    values: ({ f, input, output }) =>
      f === "enqueue" ? { writes: [input], observes: [] } : { writes: [], observes: output === null ? [] : [output] },
    describe: ({ elements, mayLack }) =>
      `[${elements.slice(0, 20).join(", ")}]${elements.length > 20 ? ` and ${elements.length - 20} more` : ""}${mayLack > 0 ? `, less ${mayLack} that may have been taken` : ""}`,
    malformed: ({ f, input }) => (f === "enqueue" && input === null ? "input null where an element is expected" : undefined),
  },
  (operations, given) => unordered(operations, contents(given) ?? []),
);
