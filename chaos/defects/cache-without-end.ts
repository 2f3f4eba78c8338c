/** What Redis holds is believed for ever: a write that could not reach Redis is never seen through it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cache-without-end",
  claim: "HA-11",
  what: "Entries of the shared cache have no time to live.",
  edits: [
    {
      file: "store/versioned-cache.ts",
      find: `Math.floor(asOf + ttlMs)`,
      replace: `Math.floor(asOf + 3_600_000)`,
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
