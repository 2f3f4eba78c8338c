/** What the checkers of other people's histories share: anomalies without a flood, and one object at a time. */
import type { Operation } from "../core/history.ts";
import type { Anomaly } from "../core/model.ts";

/** So many anomalies of one type are told; the rest is counted. */
const toldPerType = 20;

export interface Findings {
  /** `text` is only asked for what is told. */
  add(type: string, operations: readonly number[], text: () => string): void;
  count(type: string): number;
  readonly anomalies: readonly Anomaly[];
  /** How many were left untold, a sentence for each type. */
  untold(): readonly string[];
}

export function findings(): Findings {
  const anomalies: Anomaly[] = [];
  const counts = new Map<string, number>();
  return {
    add(type, operations, text) {
      const count = (counts.get(type) ?? 0) + 1;
      counts.set(type, count);
      if (count <= toldPerType) anomalies.push({ type, operations, text: text() });
    },
    count: (type) => counts.get(type) ?? 0,
    anomalies,
    untold: () =>
      [...counts].filter(([, count]) => count > toldPerType).map(([type, count]) => `Of "${type}" the first ${toldPerType} of ${count} are told.`),
  };
}

/** The operations of each object: of each key, or all of them as one object. */
export function objects(operations: readonly Operation[], partition: boolean): Iterable<readonly Operation[]> {
  const first = operations[0]?.key;
  if (!partition || operations.every((operation) => operation.key === first)) return [operations];
  return Map.groupBy(operations, (operation) => operation.key).values();
}

/** The object in prose, where it has a name. */
export function ofKey(operation: Pick<Operation, "key">): string {
  return operation.key === "" ? "" : ` of ${operation.key}`;
}
