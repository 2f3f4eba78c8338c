/** Whoever listens has to say so again on each new connection; that a connection is made anew by itself is not enough. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "listens-once",
  claim: "HA-10",
  what: "An instance that lost its connection to Redis connects again and no longer hears what others tell it.",
  edits: [{ file: "store/redis.ts", find: "    onReady?.(client);", replace: "    if (epoch === 1) onReady?.(client);" }],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
