/** Every identifier is given once: Jepsen's unique-ids. */
import type { Operation } from "../../core/history.ts";
import type { Answer, Model } from "../../core/model.ts";
import { findings } from "../findings.ts";
import { type Name, nameOf } from "../linearizability/values.ts";
import { withinMemory } from "../size.ts";

const model: Model = {
  what: "a giver of identifiers: generate (output: the identifier); none is given twice",
  aliases: [],
  check(operations): Answer {
    const given = new Map<Name, Operation | Operation[]>();
    const repeated = new Set<Name>();
    let attemptCount = 0;
    let acknowledgedCount = 0;
    for (const operation of operations) {
      if (operation.f !== "generate") continue;
      attemptCount++;
      if (operation.outcome !== "ok") continue;
      acknowledgedCount++;
      const name = nameOf(operation.output);
      const before = given.get(name);
      if (before === undefined) given.set(name, operation);
      else {
        given.set(name, [before, operation].flat());
        repeated.add(name);
      }
    }
    const found = findings();
    for (const name of repeated) {
      const all = [given.get(name) ?? []].flat();
      const indices = all.map((operation) => operation.index);
      found.add(
        "duplicated",
        indices,
        () => `${JSON.stringify(all[0]?.output)} was given ${indices.length} times (operations ${indices.join(", ")}).`,
      );
    }
    return {
      valid: repeated.size > 0 ? false : acknowledgedCount === 0 ? "unknown" : true,
      algorithm: "counting (unique-ids)",
      operations: attemptCount,
      anomalies: found.anomalies,
      notes: acknowledgedCount === 0 ? ["No identifier was given, so nothing was examined."] : found.untold(),
      numbers: { attemptCount, acknowledgedCount, duplicatedCount: repeated.size },
    };
  },
  removals: { suffix: true, keys: false, reads: () => true },
};

export default withinMemory(model, { perOperation: 50, perValue: 100 });
