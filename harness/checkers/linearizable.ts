/** HS-14: what clients did to objects of the target is linearizable, each object by itself (Herlihy and Wing 1990; SEMANTICS, "Reads, caches, sessions"). */
import type { Operation } from "../core/history.ts";
import type { Model } from "../core/model.ts";
import { type Check, type Checker, conclude } from "../core/verdict.ts";
import { inTime } from "./judge.ts";

const memoryLimitBytes = 256 * 1024 * 1024;

/**
 * @param as what an operation of the load is to the model; undefined: it has nothing to do with these objects.
 */
export function linearizableAs(model: Model, as: (operation: Operation) => Operation | undefined): Checker {
  const property = "linearizable";
  return ({ operations }): Check => {
    const judged = operations.map(as).filter((operation) => operation !== undefined);
    // Without a clock only the memory ends a search: a verdict must not depend on how busy the judge's machine is.
    const answer = model.check(judged, { partition: true, timeLimitMs: 1, memoryLimitBytes, now: () => 0 });
    const acknowledged = judged.filter(({ outcome }) => outcome === "ok").length;
    const byIndex = new Map(judged.map((operation) => [operation.index, operation]));
    const found = answer.anomalies.map(({ text, operations: shown }) => ({
      time: Math.max(...shown.map((index) => byIndex.get(index)?.invokedAt ?? 0)),
      text: `${text} (operations ${shown.join(", ")})`,
    }));
    const objects = new Set(judged.map(({ key }) => key)).size;
    const text = {
      holds: `${acknowledged} answered operations on ${objects} objects can be put in an order that explains every answer (${answer.algorithm}).`,
      nothing: "Nothing was read or written.",
    };
    const check = conclude(property, acknowledged, inTime(found), text, { objects });
    if (answer.valid !== "unknown" || acknowledged === 0) return check;
    return { ...check, verdict: "inconclusive", summary: answer.notes[0] ?? "Undecided." };
  };
}
