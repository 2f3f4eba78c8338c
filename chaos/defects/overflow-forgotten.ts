import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "overflow-forgotten",
  claim: "HA-14",
  what: "Connections beyond the pool's size are not told of.",
  edits: [{ file: "store/postgres.ts", find: "overflow: Math.max(0, pool.totalCount - poolSize)", replace: "overflow: 0" }],
  caughtBy: ["watch-the-pool"],
} satisfies Defect;
