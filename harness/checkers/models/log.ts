/** Logs with offsets: Jepsen's Kafka analysis, for continuity of streams of events too (send: an event is emitted, poll: it is read, offset: its id). */
import type { Answer, Model } from "../../core/model.ts";
import { boundary } from "../elle/consistency.ts";
import { type Cycle, cyclesOf } from "../elle/cycles.ts";
import { addRealtimeEdges, type GraphBuilder, graphOf, kinds } from "../elle/graph.ts";
import { findings } from "../findings.ts";
import { findLogAnomalies, findProcessAnomalies } from "../log/anomalies.ts";
import { countKeys, type Records, recordsOf, type Step } from "../log/records.ts";
import { withinMemory } from "../size.ts";

/** Legal in Kafka's transactions, where writes interleave. With write dependencies inferred from offsets, a circle of them with reads is too. */
const legal = new Set(["int-send-skip", "G0", "G0-process", "G0-realtime", "PL-1-cycle-exists", "strong-PL-1-cycle-exists"]);
const legalWithWrites = new Set(["G1c", "G1c-process", "G1c-realtime", "PL-2-cycle-exists", "strong-PL-2-cycle-exists"]);

/** How the Kafka analysis says that a model is ruled out by a cycle. */
const cycleExists: Readonly<Record<string, string>> = {
  "read-uncommitted": "PL-1-cycle-exists",
  "read-committed": "PL-2-cycle-exists",
  "strong-read-uncommitted": "strong-PL-1-cycle-exists",
  "strong-read-committed": "strong-PL-2-cycle-exists",
};

const model: Model = {
  what: 'a log of values for each key: send (value: [["send", key, [offset, value]]]), poll (value: [["poll", {key: [[offset, value]]}]]), txn of both, assign and subscribe (value: keys); nothing is lost, doubled, skipped or read out of order',
  aliases: ["kafka"],
  check(given, { settings, now, timeLimitMs }): Answer {
    // What a process reads goes on from what it read before.
    const operations = given.toSorted((a, b) => a.invokedAt - b.invokedAt);
    const records = recordsOf(operations);
    const { steps } = records;
    const found = findings();
    findLogAnomalies(records, found);
    findProcessAnomalies(operations, records, found);
    const graph = graphOf(steps.length);
    const withWrites = settings?.["ww-deps"] === true;
    addLogDependencies(graph, records, withWrites);
    addRealtimeEdges(
      graph,
      steps.map(({ operation }) => operation),
    );
    const deadline = now() + timeLimitMs;
    const { cycles, undecided } = cyclesOf(graph.build(), "realtime", () => now() > deadline);
    for (const cycle of cycles) {
      const indices = cycle.steps.map(({ from }) => (steps[from] as Step).operation.index);
      found.add(cycle.type, indices, () => prose(cycle, steps));
      for (const name of boundary([cycle.type], []).not)
        found.add(cycleExists[name] ?? name, indices, () => `The cycle of operations ${indices.join(", ")} rules out ${name}.`);
    }
    const types = new Set(found.anomalies.map(({ type }) => type));
    const wrong = [...types].filter((type) => type !== "unseen" && !legal.has(type) && !(withWrites && legalWithWrites.has(type)));
    const notes = [
      steps.length === 0 && "Nothing was sent or polled, so nothing was examined.",
      graph.isEmpty() && "No operation depends on another one (empty-transaction-graph).",
      types.has("unseen") && "Some of what was sent was never polled: lost, or the polling ended too early.",
      undecided.size > 0 && `The time ran out in the search for ${[...undecided].join(", ")}.`,
      ...found.untold(),
    ].filter((note) => note !== false);
    return {
      valid: wrong.length > 0 ? false : steps.length === 0 || types.has("unseen") || undecided.size > 0 ? "unknown" : true,
      algorithm: "version orders by offset, dependency graph (Kafka analysis)",
      operations: steps.length,
      anomalies: found.anomalies,
      notes,
      numbers: Object.fromEntries([...types].map((type) => [`${type}Count`, found.count(type)])),
    };
  },
};

const bytesPerKey = 1200;

export default withinMemory(model, { perOperation: 450, perValue: 155, beside: (operations) => bytesPerKey * countKeys(operations) });

/** Reads depend on the write, and with `withWrites` each value's writer on that of the value before it. */
function addLogDependencies(graph: GraphBuilder, { steps, logs }: Records, withWrites: boolean): void {
  for (const { place, polled } of steps) {
    // Whatever became of the transaction around it: a poll only returns what is in the log.
    for (const [key, values] of polled) {
      for (const value of values) {
        const writer = logs.get(key)?.writers.get(value);
        if (writer) graph.edge(writer.place, place, kinds.wr);
      }
    }
  }
  if (!withWrites) return;
  for (const { places: order, writers } of logs.values()) {
    for (const [i, { values }] of order.entries()) {
      const [before, after] = [order[i - 1]?.values[0], values[0]].map((value) => (value === undefined ? undefined : writers.get(value)));
      if (before && after && before.operation.outcome !== "fail" && after.operation.outcome !== "fail")
        graph.edge(before.place, after.place, kinds.ww);
    }
  }
}

function prose({ steps: cycle }: Cycle, steps: readonly Step[]): string {
  const because = cycle.map(({ from, to, kind }) => {
    const [a, b] = [from, to].map((place) => (steps[place] as Step).operation.index);
    if (kind === kinds.realtime) return `operation ${a} was answered before operation ${b} was invoked`;
    return kind === kinds.wr
      ? `operation ${b} polled what operation ${a} had sent`
      : `operation ${b} sent what comes next in the log after what operation ${a} sent`;
  });
  return `${because.join("; ")}: each came before the next, and the last before the first.`;
}
