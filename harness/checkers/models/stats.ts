/** Whether every kind of operation succeeded at least once: Jepsen's stats. It says whether a test tried anything, not whether the answers are right. */
import type { Answer, Model } from "../../core/model.ts";
import { findings } from "../findings.ts";

const model: Model = {
  what: "any operations; each kind (f) succeeded at least once",
  aliases: [],
  check(operations): Answer {
    const found = findings();
    const numbers: Record<string, number> = { okCount: 0, failCount: 0, infoCount: 0 };
    for (const { outcome } of operations) numbers[`${outcome}Count`] = (numbers[`${outcome}Count`] ?? 0) + 1;
    for (const [f, all] of Map.groupBy(operations, (operation) => operation.f)) {
      if (all.some(({ outcome }) => outcome === "ok")) continue;
      found.add(
        "never-ok",
        all.slice(0, 3).map(({ index }) => index),
        () => `none of ${all.length} operations "${f}" succeeded.`,
      );
    }
    return {
      valid: found.anomalies.length > 0 ? false : operations.length === 0 ? "unknown" : true,
      algorithm: "counting (stats)",
      operations: operations.length,
      anomalies: found.anomalies,
      notes: operations.length === 0 ? ["No operation was recorded, so nothing was examined."] : found.untold(),
      numbers,
    };
  },
};

export default model;
