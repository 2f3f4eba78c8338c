/** A write is seen without one that was acknowledged before it began: Jepsen's causal reverse, which strict serializability forbids. */
import type { Operation } from "../../core/history.ts";
import type { Answer, Model } from "../../core/model.ts";
import { type Findings, findings, objects, ofKey } from "../findings.ts";
import { listOf, type Name, nameOf } from "../linearizability/values.ts";
import { withinMemory } from "../size.ts";

const model: Model = {
  what: "values that are written once (f: write, input: the value) and read together (f: read, output: the list of values); whoever sees a write sees all that was acknowledged before it was invoked",
  aliases: [],
  check(operations, { partition }): Answer {
    const found = findings();
    let examined = 0;
    for (const object of objects(operations, partition)) examined += judge(object, found);
    return {
      valid: found.anomalies.length > 0 ? false : examined === 0 ? "unknown" : true,
      algorithm: "first missing acknowledgement (causal reverse)",
      operations: examined,
      anomalies: found.anomalies,
      notes: examined === 0 ? ["No read was answered, so nothing was examined."] : found.untold(),
      numbers: { readCount: examined },
    };
  },
  removals: { suffix: true, keys: true, reads: ({ f }) => f === "read" },
};

export default withinMemory(model, { perOperation: 150, perValue: 150 });

/** @returns how many reads were judged */
function judge(object: readonly Operation[], found: Findings): number {
  const writes = object.filter(({ f, outcome }) => f === "write" && outcome !== "fail");
  // A value that was written again, as a client does that got no answer, may have been seen since the first time.
  const invoked = new Map<Name, Operation>();
  for (const write of writes) {
    const name = nameOf(write.input);
    if (!((invoked.get(name)?.invokedAt ?? Number.POSITIVE_INFINITY) <= write.invokedAt)) invoked.set(name, write);
  }
  const acknowledged = writes.filter(({ outcome }) => outcome === "ok").sort((a, b) => a.completedAt - b.completedAt);
  let judged = 0;
  for (const read of object) {
    if (read.f !== "read" || read.outcome !== "ok") continue;
    judged++;
    const seen = new Set((listOf(read.output) ?? []).map((value) => nameOf(value)));
    let latest: Operation | undefined;
    for (const value of seen) {
      const write = invoked.get(value);
      if (write && (latest === undefined || write.invokedAt > latest.invokedAt)) latest = write;
    }
    const missing = acknowledged.find((write) => !seen.has(nameOf(write.input)));
    if (!latest || !missing || missing.completedAt >= latest.invokedAt) continue;
    const [a, b, at] = [missing, latest, read.index];
    found.add(
      "causal-reverse",
      [a.index, b.index, at],
      () =>
        `the read${ofKey(read)} (operation ${at}) saw ${nameOf(b.input)} and not ${nameOf(a.input)}, which was acknowledged (operation ${a.index}) before that was invoked (operation ${b.index}).`,
    );
  }
  return judged;
}
