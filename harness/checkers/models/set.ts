/** Elements are added, and a read at the end finds them: Jepsen's set checker. */
import type { Operation } from "../../core/history.ts";
import type { Answer, Model } from "../../core/model.ts";
import { type Findings, findings, objects, ofKey } from "../findings.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";
import { withinMemory } from "../size.ts";

interface Added {
  readonly first: Operation;
  /** The first that was. */
  acknowledged: Operation | undefined;
}

const model: Model = {
  what: "a set that is read when all is done: add (input: the element), read (output: the list of elements); the last read finds all that was acknowledged before it, and nothing that nobody added",
  aliases: [],
  check(operations, { partition }): Answer {
    const found = findings();
    const numbers = { attemptCount: 0, acknowledgedCount: 0, okCount: 0, lostCount: 0, unexpectedCount: 0, recoveredCount: 0, duplicatedCount: 0 };
    const notes: string[] = [];
    let examined = 0;
    let unread = 0;
    for (const object of objects(operations, partition)) {
      const added = new Map<Name, Added>();
      let last: Operation | undefined;
      for (const operation of object) {
        if (operation.f === "add") {
          examined++;
          const name = nameOf(operation.input);
          const known = added.get(name) ?? { first: operation, acknowledged: undefined };
          if (operation.outcome === "ok" && !(known.acknowledged && known.acknowledged.completedAt <= operation.completedAt))
            known.acknowledged = operation;
          added.set(name, known);
        } else if (operation.f === "read") {
          examined++;
          if (operation.outcome === "ok" && isLater(operation, last)) last = operation;
        }
      }
      numbers.attemptCount += added.size;
      if (last === undefined) unread++;
      else judge(added, last, found, numbers);
    }
    if (examined === 0) notes.push("No add or read was recorded, so nothing was examined.");
    else if (unread > 0) notes.push("The set was never read, so nothing can be said of what it holds.");
    if (numbers.duplicatedCount > 0) notes.push(`The last read named ${numbers.duplicatedCount} elements more than once; see the model set-full.`);
    return {
      valid: numbers.lostCount + numbers.unexpectedCount > 0 ? false : unread > 0 || examined === 0 ? "unknown" : true,
      algorithm: "final read (set)",
      operations: examined,
      anomalies: found.anomalies,
      notes: [...notes, ...found.untold()],
      numbers,
    };
  },
};

export default withinMemory(model, { perOperation: 150, perValue: 150 });

const isLater = ({ invokedAt, completedAt }: Operation, than: Operation | undefined): boolean =>
  than === undefined || invokedAt > than.invokedAt || (invokedAt === than.invokedAt && completedAt >= than.completedAt);

type Numbers = Record<"acknowledgedCount" | "okCount" | "lostCount" | "unexpectedCount" | "recoveredCount" | "duplicatedCount", number>;

function judge(added: ReadonlyMap<Name, Added>, last: Operation, found: Findings, numbers: Numbers): void {
  const read = listOf(last.output) ?? [];
  const names = new Set(read.map(nameOf));
  numbers.duplicatedCount += read.length - names.size;
  for (const name of names) {
    if (added.has(name)) continue;
    numbers.unexpectedCount++;
    found.add("unexpected", [last.index], () => `the last read${ofKey(last)} (operation ${last.index}) found ${name}, which nobody added.`);
  }
  for (const [name, { first, acknowledged }] of added) {
    if (acknowledged) numbers.acknowledgedCount++;
    if (names.has(name)) {
      numbers.okCount++;
      if (!acknowledged) numbers.recoveredCount++;
    } else if (acknowledged && acknowledged.completedAt < last.invokedAt) {
      numbers.lostCount++;
      found.add(
        "lost",
        [acknowledged.index, last.index],
        () =>
          `${JSON.stringify(first.input)} was acknowledged (operation ${acknowledged.index}) and the last read${ofKey(last)} (operation ${last.index}), invoked later, did not find it.`,
      );
    }
  }
}
