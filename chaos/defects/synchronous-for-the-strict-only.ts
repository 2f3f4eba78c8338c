/** Two kinds of synchronous replication, of which one is asynchronous. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "synchronous-for-the-strict-only",
  claim: "HA-3",
  what: "Managers are told to replicate synchronously only where that is to be strict.",
  edits: [
    {
      file: "deploy/cluster.ts",
      find: `synchronous: String(replication !== "asynchronous")`,
      replace: `synchronous: String(replication === "strict")`,
    },
  ],
  caughtBy: ["fail-over-after-silence"],
} satisfies Defect;
