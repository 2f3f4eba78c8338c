/** Two minutes without a byte look like a client that has gone, until somebody asks what takes three. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "silence-is-cut",
  claim: "AB-23",
  what: "An instance closes a connection over which nothing has moved for two minutes, also while an answer is being worked out.",
  edits: [
    { file: "app.ts", find: "connectionTimeout: queryTimeoutMs + config.lockWaitMs", replace: "connectionTimeout: 120_000 + config.lockWaitMs" },
  ],
  caughtBy: ["await-the-latest-answers"],
} satisfies Defect;
