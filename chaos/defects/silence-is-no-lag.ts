/** The last good news goes on being told. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "silence-is-no-lag",
  claim: "HS-23",
  what: "The lag of messages between instances is what the last one took that arrived, however long none has.",
  edits: [
    {
      file: "store/pubsub-lag.ts",
      find: "(isListening ? Math.max(lastMs, nowMs() - heardAtMs - askIntervalMs) : 0)",
      replace: "(isListening ? lastMs : 0)",
    },
  ],
  caughtBy: ["slow-messages"],
} satisfies Defect;
