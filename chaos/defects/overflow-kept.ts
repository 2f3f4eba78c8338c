/** A crowd leaves its connections behind. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "overflow-kept",
  claim: "HA-5",
  what: "Connections that were opened beyond the pool's size are kept like all others when nobody waits for one any more.",
  edits: [
    {
      file: "store/postgres.ts",
      find: "const isSpare = opened.size > poolSize && pool.waitingCount === 0;",
      replace: "const isSpare = opened.size > limit && pool.waitingCount === 0;",
    },
  ],
  caughtBy: ["watch-the-pool"],
} satisfies Defect;
