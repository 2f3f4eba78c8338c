/** A counter that is right up to what is under way: Jepsen's counter checker, with decrements. Weaker than linearizability, linear in time. */
import type { Operation } from "../../core/history.ts";
import type { Answer, Model } from "../../core/model.ts";
import { type Findings, findings, objects, ofKey } from "../findings.ts";
import { withinMemory } from "../size.ts";

const model: Model = {
  what: "a counter judged by bounds: add (input: a number, negative to take away), read (output: the sum); each read lies between what was certainly added and what may have been; initially 0, or the number given",
  aliases: ["interval-counter"],
  check(operations, { partition, initial }): Answer {
    const found = findings();
    const odd = operations.find(({ f, input, outcome }) => f === "add" && outcome !== "fail" && !Number.isSafeInteger(input));
    if (odd !== undefined) {
      // Sums of fractions depend on the order in which they were added up.
      const note = `Operation ${odd.index} adds ${JSON.stringify(odd.input)} where a whole number is expected: nothing was judged.`;
      return { valid: "unknown", algorithm: "none", operations: 0, anomalies: [], notes: [note], numbers: {} };
    }
    const start = typeof initial === "number" ? initial : 0;
    let readCount = 0;
    for (const object of objects(operations, partition)) readCount += judge(object, start, found);
    const addCount = operations.filter((operation) => operation.f === "add").length;
    return {
      valid: found.count("out-of-bounds") > 0 ? false : readCount === 0 ? "unknown" : true,
      algorithm: "bounds (counter)",
      operations: addCount + readCount,
      anomalies: found.anomalies,
      notes: readCount === 0 ? ["No read was answered, so nothing was examined."] : found.untold(),
      numbers: { addCount, readCount, outOfBoundsCount: found.count("out-of-bounds") },
    };
  },
  removals: { suffix: true, keys: true, reads: (operation) => operation.f === "read" },
};

export default withinMemory(model, { perOperation: 100, perValue: 100 });

/** @returns how many reads were judged */
function judge(object: readonly Operation[], start: number, found: Findings): number {
  const adds = object.filter((operation) => operation.f === "add" && operation.outcome !== "fail");
  const certain = cumulative(
    adds.filter((operation) => operation.outcome === "ok"),
    (operation) => operation.completedAt,
  );
  const possible = cumulative(adds, (operation) => operation.invokedAt);
  let judged = 0;
  for (const read of object) {
    const value = read.output;
    if (read.f !== "read" || read.outcome !== "ok" || typeof value !== "number") continue;
    judged++;
    // An add answered at the very time of the read's invocation is concurrent with it, and so is one invoked at the time of the answer.
    const before = certain(read.invokedAt, false);
    const until = possible(read.completedAt, true);
    const lower = start + before.positive + until.negative;
    const upper = start + until.positive + before.negative;
    if (value >= lower && value <= upper) continue;
    found.add("out-of-bounds", [read.index], () => {
      const bounds = lower === upper ? `${lower} was the only value possible` : `only ${lower} to ${upper} was possible`;
      return `the read${ofKey(read)} (operation ${read.index}) answered ${value} where ${bounds}: ${before.positive + before.negative + start} was certain when it was invoked.`;
    });
  }
  return judged;
}

/** What was added before a time, increments and decrements apart; `inclusive`: also what was added at that very time. */
function cumulative(adds: readonly Operation[], timeOf: (operation: Operation) => number) {
  const order = [...adds].sort((a, b) => timeOf(a) - timeOf(b));
  const times = Float64Array.from(order, timeOf);
  const positive = new Float64Array(order.length + 1);
  const negative = new Float64Array(order.length + 1);
  for (const [i, { input }] of order.entries()) {
    positive[i + 1] = (positive[i] as number) + Math.max(0, input as number);
    negative[i + 1] = (negative[i] as number) + Math.min(0, input as number);
  }
  return (time: number, inclusive: boolean): { readonly positive: number; readonly negative: number } => {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = times[middle] as number;
      if (at < time || (inclusive && at === time)) low = middle + 1;
      else high = middle;
    }
    return { positive: positive[low] as number, negative: negative[low] as number };
  };
}
