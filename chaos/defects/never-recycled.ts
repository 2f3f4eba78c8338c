/** Milliseconds are taken for seconds: what should be replaced after half an hour is kept for three weeks. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "never-recycled",
  claim: "HA-5",
  what: "Connections live a thousand times as long as they should.",
  edits: [{ file: "store/postgres.ts", find: `maxLifetimeSeconds: poolRecycleMs / 1000,`, replace: `maxLifetimeSeconds: poolRecycleMs,` }],
  caughtBy: ["recycle-connections"],
} satisfies Defect;
