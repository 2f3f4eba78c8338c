/** Elements are added, and a read at the end finds them: Jepsen's set checker. */
import type { Operation } from "../../core/history.ts";
import type { Answer, Model } from "../../core/model.ts";
import { type Findings, findings, objects, ofKey } from "../findings.ts";
import { type Numbering, numbering } from "../linearizability/numbering.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";
import { withinMemory } from "../size.ts";

/** What was added, by the number of the element. */
interface Added {
  readonly elements: Numbering;
  readonly firsts: Operation[];
  /** The first add that was acknowledged. */
  readonly acknowledged: (Operation | undefined)[];
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
      const added: Added = { elements: numbering(), firsts: [], acknowledged: [] };
      let last: Operation | undefined;
      for (const operation of object) {
        if (operation.f === "add") {
          examined++;
          note(added, operation);
        } else if (operation.f === "read") {
          examined++;
          if (operation.outcome === "ok" && isLater(operation, last)) last = operation;
        }
      }
      numbers.attemptCount += added.firsts.length;
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

function note({ elements, firsts, acknowledged }: Added, add: Operation): void {
  const element = elements.numberOf(add.input);
  if (element === firsts.length) {
    firsts.push(add);
    acknowledged.push(undefined);
  }
  const known = acknowledged[element];
  if (add.outcome === "ok" && !(known && known.completedAt <= add.completedAt)) acknowledged[element] = add;
}

function judge({ elements, firsts, acknowledged }: Added, last: Operation, found: Findings, numbers: Numbers): void {
  const isFound = new Uint8Array(firsts.length);
  const strangers = new Set<Name>();
  for (const value of listOf(last.output) ?? []) {
    const element = elements.find(value);
    if (element >= 0 ? isFound[element] === 1 : strangers.has(nameOf(value))) numbers.duplicatedCount++;
    else if (element >= 0) isFound[element] = 1;
    else strangers.add(nameOf(value));
  }
  for (const name of strangers) {
    numbers.unexpectedCount++;
    found.add("unexpected", [last.index], () => `the last read${ofKey(last)} (operation ${last.index}) found ${name}, which nobody added.`);
  }
  for (let element = 0; element < firsts.length; element++) {
    const known = acknowledged[element];
    if (known) numbers.acknowledgedCount++;
    if (isFound[element] === 1) {
      numbers.okCount++;
      if (!known) numbers.recoveredCount++;
    } else if (known && known.completedAt < last.invokedAt) {
      numbers.lostCount++;
      const { input } = firsts[element] as Operation;
      found.add(
        "lost",
        [known.index, last.index],
        () =>
          `${JSON.stringify(input)} was acknowledged (operation ${known.index}) and the last read${ofKey(last)} (operation ${last.index}), invoked later, did not find it.`,
      );
    }
  }
}
