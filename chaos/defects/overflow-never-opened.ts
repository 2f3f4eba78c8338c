/** Three connections on paper. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "overflow-never-opened",
  claim: "HA-14",
  what: "The pool opens no connection beyond its size, whatever overflow it is given: callers are refused, and the alert that begins below them all was never raised.",
  edits: [{ file: "store/postgres.ts", find: `    max: limit,`, replace: `    max: poolSize,` }],
  caughtBy: ["watch-the-pool"],
} satisfies Defect;
