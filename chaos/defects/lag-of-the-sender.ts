/** Redis took it, so it is as good as there. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lag-of-the-sender",
  claim: "HS-23",
  what: "What a message took is counted from when it was heard.",
  edits: [
    {
      file: "store/pubsub-lag.ts",
      find: `      lastMs = heardAtMs - sentAtMs;`,
      replace: `      lastMs = nowMs() - heardAtMs;
      void sentAtMs;`,
    },
  ],
  caughtBy: ["slow-messages"],
} satisfies Defect;
