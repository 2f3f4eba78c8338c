/** Two reads that disagree about which of two writes came first: Jepsen's long-fork, which parallel snapshot isolation allows and snapshot isolation does not. */
import type { Operation } from "../../core/history.ts";
import type { Answer, Model } from "../../core/model.ts";
import { type Findings, findings } from "../findings.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";
import { withinMemory } from "../size.ts";

/** A read of several keys: what it found by key, without the keys where nothing was written yet. */
interface Read {
  readonly operation: Operation;
  readonly seen: ReadonlyMap<Name, Name>;
}

const model: Model = {
  what: 'reads of several keys at once (f: read, value: [["r", key, value], ...]), each key written once by a transaction of its own (f: write); all reads of the same keys fit into one order',
  aliases: [],
  check(operations): Answer {
    const found = findings();
    const groups = new Map<string, Read[]>();
    let examined = 0;
    for (const operation of operations) {
      const micros = operation.f === "read" && operation.outcome === "ok" ? (listOf(operation.output) ?? []).map((micro) => listOf(micro) ?? []) : [];
      if (micros.length < 2) continue;
      examined++;
      const keys = micros.map(([, key]) => String(nameOf(key))).sort();
      const seen = new Map(
        micros.filter(([, , value]) => value !== null && value !== undefined).map(([, key, value]) => [nameOf(key), nameOf(value)]),
      );
      const same = groups.get(keys.join("\n"));
      if (same) same.push({ operation, seen });
      else groups.set(keys.join("\n"), [{ operation, seen }]);
    }
    for (const reads of groups.values()) forks(reads, found);
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

/** In order of how much they saw, each read saw all that the one before it saw, or there is no order of the writes. */
function forks(reads: readonly Read[], found: Findings): void {
  const order = reads.toSorted((a, b) => a.seen.size - b.seen.size);
  for (const [i, later] of order.entries()) {
    const earlier = order[i - 1];
    if (!earlier) continue;
    const [a, b] = [earlier.operation.index, later.operation.index];
    for (const [key, value] of earlier.seen) {
      const other = later.seen.get(key);
      if (other === value) continue;
      const only = [...later.seen.keys()].find((one) => !earlier.seen.has(one));
      if (other !== undefined)
        found.add("rewritten", [a, b], () => `operations ${a} and ${b} read ${value} and ${other} from ${key}, which is written once.`);
      else
        found.add(
          "long-fork",
          [a, b],
          () => `operation ${a} saw the write of ${key} and not that of ${only}, operation ${b} that of ${only} and not that of ${key}.`,
        );
      break;
    }
  }
}
