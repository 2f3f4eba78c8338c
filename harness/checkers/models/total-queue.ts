/**
 * What goes in must come out: the counts of Jepsen's total-queue. Unlike there, an element that came out more often than it was put in violates, and a history
 * in which nothing was put in or taken out decides nothing.
 */
import type { Json, Operation } from "../../core/history.ts";
import type { Answer, Model } from "../../core/model.ts";
import { type Findings, findings, ofKey } from "../findings.ts";
import { listOf, nameOf } from "../linearizability/values.ts";
import { withinMemory } from "../size.ts";

interface Element {
  readonly key: string;
  readonly value: Json;
  attempts: number;
  failed: number;
  /** Acknowledged enqueues, in the order of their acknowledgement. */
  readonly acknowledged: Operation[];
  readonly taken: Operation[];
}

const model: Model = {
  what: "a queue that is drained in the end: enqueue (input: the element), dequeue (output: the element; null: it was empty), drain (output: a list of elements); all that was acknowledged comes out, once, and nothing else does",
  aliases: [],
  check(operations): Answer {
    const elements = new Map<string | number, Element>();
    const element = (key: string, value: Json): Element => {
      const name = key === "" ? nameOf(value) : `${key}\n${nameOf(value)}`;
      const known = elements.get(name);
      if (known) return known;
      const made: Element = { key, value, attempts: 0, failed: 0, acknowledged: [], taken: [] };
      elements.set(name, made);
      return made;
    };
    const nullIsPut = operations.some(({ f, input }) => f === "enqueue" && input === null);
    let examined = 0;
    let unknownTakes = 0;
    for (const operation of operations) {
      const { f, key, input, output, outcome } = operation;
      if (f === "enqueue") {
        examined++;
        const put = element(key, input);
        put.attempts++;
        if (outcome === "ok") put.acknowledged.push(operation);
        else if (outcome === "fail") put.failed++;
      } else if (f === "dequeue" || f === "drain") {
        examined++;
        // Nobody says that a queue was empty by an element, unless null is one.
        const values = f === "drain" ? (listOf(output) ?? []) : output === null && !nullIsPut ? [] : [output];
        if (outcome === "ok") for (const value of values) element(key, value).taken.push(operation);
        else if (outcome === "info") unknownTakes += f === "drain" ? Number.POSITIVE_INFINITY : 1;
      }
    }
    return judge([...elements.values()], examined, unknownTakes);
  },
  removals: {
    suffix: false,
    keys: true,
    values({ f, input, output }) {
      if (f === "enqueue") return { writes: [String(nameOf(input))], observes: [] };
      const values = f === "drain" ? (listOf(output) ?? []) : f === "dequeue" && output !== null ? [output] : [];
      return { writes: [], observes: values.map((value) => String(nameOf(value))) };
    },
  },
};

export default withinMemory(model, { perOperation: 350, perValue: 150 });

function judge(elements: readonly Element[], examined: number, unknownTakes: number): Answer {
  const found = findings();
  const numbers = { attemptCount: 0, acknowledgedCount: 0, okCount: 0, lostCount: 0, duplicatedCount: 0, unexpectedCount: 0, recoveredCount: 0 };
  const lost: Element[] = [];
  let failedButTaken = 0;
  for (const element of elements) {
    const { attempts, failed, taken } = element;
    const acknowledged = element.acknowledged.length;
    const ok = Math.min(taken.length, attempts);
    numbers.attemptCount += attempts;
    numbers.acknowledgedCount += acknowledged;
    numbers.okCount += ok;
    numbers.recoveredCount += Math.max(0, ok - acknowledged);
    if (attempts > 0 && attempts === failed) failedButTaken += ok;
    if (acknowledged > taken.length) {
      numbers.lostCount += acknowledged - taken.length;
      lost.push(element);
    }
    if (taken.length <= attempts) continue;
    if (attempts === 0) numbers.unexpectedCount += taken.length;
    else numbers.duplicatedCount += taken.length - attempts;
    tellTaken(found, element);
  }
  for (const element of lost) tellLost(found, element);
  const takenAway = Math.min(numbers.lostCount, unknownTakes);
  const surelyLost = numbers.lostCount - takenAway;
  const wrong = numbers.duplicatedCount + numbers.unexpectedCount + surelyLost > 0;
  const notes = [
    examined === 0 && "No enqueue or dequeue was recorded, so nothing was examined.",
    takenAway > 0 && `${unknownTakes} dequeues of unknown outcome may have taken ${takenAway} of the ${numbers.lostCount} elements that are missing.`,
    failedButTaken > 0 && `${failedButTaken} elements came out although their enqueue was said to have failed.`,
    ...found.untold(),
  ].filter((note) => note !== false);
  return {
    valid: wrong ? false : examined === 0 || numbers.lostCount > 0 ? "unknown" : true,
    algorithm: "counting (total-queue)",
    operations: examined,
    anomalies: found.anomalies,
    notes,
    numbers: { ...numbers, ...positions(elements, new Set(lost)) },
  };
}

function tellTaken(found: Findings, element: Element): void {
  const { attempts, taken, value } = element;
  const indices = taken.map((operation) => operation.index);
  const name = `element ${JSON.stringify(value)}${ofKey(element)}`;
  if (attempts === 0) found.add("unexpected", indices, () => `${name} was dequeued (operation ${indices[0]}) and never enqueued.`);
  else
    found.add(
      "duplicated",
      indices,
      () => `${name} was enqueued ${times(attempts)} and dequeued ${times(taken.length)} (operations ${indices.join(", ")}).`,
    );
}

function tellLost(found: Findings, element: Element): void {
  const { acknowledged, taken, value } = element;
  const indices = acknowledged.map((operation) => operation.index);
  const out = taken.length === 0 ? "never dequeued" : `dequeued ${times(taken.length)}`;
  found.add(
    "lost",
    indices,
    () =>
      `element ${JSON.stringify(value)}${ofKey(element)} was acknowledged ${times(indices.length)} (operations ${indices.join(", ")}) and ${out}.`,
  );
}

const times = (count: number): string => (count === 1 ? "once" : count === 2 ? "twice" : `${count} times`);

/** Where in the order of acknowledgement the lost ones lie: an unbroken beginning, an unbroken end, or in between. */
function positions(elements: readonly Element[], lost: ReadonlySet<Element>): Record<string, number> {
  if (lost.size === 0) return {};
  const order = elements
    .flatMap((element) => element.acknowledged.map((operation) => ({ at: operation.completedAt, isLost: lost.has(element) })))
    .sort((a, b) => a.at - b.at);
  const whole = order.filter((one) => one.isLost).length;
  const prefix = order.findIndex((one) => !one.isLost);
  if (prefix < 0) return { lostPrefixCount: whole, lostMiddleCount: 0, lostSuffixCount: 0 };
  const suffix = order.length - 1 - order.findLastIndex((one) => !one.isLost);
  return { lostPrefixCount: prefix, lostMiddleCount: whole - prefix - suffix, lostSuffixCount: suffix };
}
