/** Two reads that disagree about which of two writes came first: Jepsen's long-fork, which parallel snapshot isolation allows and snapshot isolation does not. */
import type { Json, Operation } from "../../core/history.ts";
import type { Answer, Model } from "../../core/model.ts";
import { type Findings, findings } from "../findings.ts";
import { type Numbering, numbering } from "../linearizability/numbering.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";
import { withinMemory } from "../size.ts";

/** The reads of the same keys. */
interface Group {
  /** Their numbers, ascending. */
  readonly keys: readonly number[];
  readonly reads: Operation[];
  /** A row for each read: by key the number of the value that it found, or none where nothing was written yet. */
  readonly values: number[];
}

const none = -1;
/** More than there are keys, so that two numbers make one. */
const many = 2 ** 26;

const model: Model = {
  what: 'reads of several keys at once (f: read, value: [["r", key, value], ...]), each key written once by a transaction of its own (f: write); all reads of the same keys fit into one order',
  aliases: [],
  check(operations): Answer {
    const found = findings();
    const groups = new Map<number | string, Group>();
    const keys = numbering();
    const values = numbering();
    let examined = 0;
    for (let i = 0; i < operations.length; i++) {
      const operation = operations[i] as Operation;
      if (operation.f !== "read" || operation.outcome !== "ok") continue;
      const micros = listOf(operation.output) ?? [];
      if (micros.length < 2) continue;
      examined++;
      add(operation, micros, groups, keys, values);
    }
    for (const group of groups.values()) if (group.reads.length > 1) forks(group, found);
    return {
      valid: found.anomalies.length > 0 ? false : examined === 0 ? "unknown" : true,
      algorithm: "chain of reads (long-fork)",
      operations: examined,
      anomalies: found.anomalies,
      notes: examined === 0 ? ["No read of several keys was answered, so nothing was examined."] : found.untold(),
      numbers: { readCount: examined, forkCount: found.count("long-fork") },
    };
  },
  removals: { suffix: true, keys: false, reads: ({ f }) => f === "read" },
};

export default withinMemory(model, { perOperation: 50, perValue: 60 });

/** @param micros `["r", key, value]`, several */
function add(operation: Operation, micros: readonly Json[], groups: Map<number | string, Group>, keyNumbers: Numbering, values: Numbering): void {
  const asked = micros.map((micro) => keyNumbers.numberOf(listOf(micro)?.[1] ?? null));
  const keys = asked.toSorted((a, b) => a - b);
  const name = keys.length === 2 ? (keys[0] as number) * many + (keys[1] as number) : keys.join();
  let group = groups.get(name);
  if (group === undefined) {
    group = { keys, reads: [], values: [] };
    groups.set(name, group);
  }
  group.reads.push(operation);
  const row = group.values.length;
  for (let i = 0; i < keys.length; i++) group.values.push(none);
  for (const [i, micro] of micros.entries()) {
    const value = listOf(micro)?.[2] ?? null;
    if (value !== null) group.values[row + group.keys.indexOf(asked[i] as number)] = values.numberOf(value);
  }
}

/** In order of how much they saw, each read saw all that the one before it saw, or there is no order of the writes. */
function forks({ keys, reads, values }: Group, found: Findings): void {
  const width = keys.length;
  const seenBy = (read: number, i: number): number => values[read * width + i] as number;
  const sizes = reads.map((_, read) => keys.reduce((size, _key, i) => (seenBy(read, i) === none ? size : size + 1), 0));
  const order = [...reads.keys()].sort((a, b) => (sizes[a] as number) - (sizes[b] as number));
  for (let place = 1; place < order.length; place++) {
    const [earlier, later] = [order[place - 1] as number, order[place] as number];
    for (let i = 0; i < width; i++) {
      const value = seenBy(earlier, i);
      const other = seenBy(later, i);
      if (value === none || value === other) continue;
      tell(reads[earlier] as Operation, reads[later] as Operation, found);
      break;
    }
  }
}

/** What a read found by key, in its words, without the keys where nothing was written yet. */
function seenOf({ output }: Operation): ReadonlyMap<Name, Name> {
  const micros = (listOf(output) ?? []).map((micro) => listOf(micro) ?? []);
  const written = micros.filter(([, , value]) => value !== null && value !== undefined);
  return new Map(written.map(([, key, value]) => [nameOf(key), nameOf(value)]));
}

function tell(earlier: Operation, later: Operation, found: Findings): void {
  const [a, b] = [earlier.index, later.index];
  const [one, other] = [seenOf(earlier), seenOf(later)];
  const [key, value] = [...one].find(([name, seen]) => other.get(name) !== seen) as [Name, Name];
  const rewritten = other.get(key);
  if (rewritten !== undefined)
    found.add("rewritten", [a, b], () => `operations ${a} and ${b} read ${value} and ${rewritten} from ${key}, which is written once.`);
  else
    found.add("long-fork", [a, b], () => {
      const only = [...other.keys()].find((name) => !one.has(name));
      return `operation ${a} saw the write of ${key} and not that of ${only}, operation ${b} that of ${only} and not that of ${key}.`;
    });
}
