/** However many instances there are, all but one wait. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "one-change-at-a-time",
  claim: "HS-1",
  what: "All changes of all agents go by one lock, one after another over all instances.",
  edits: [
    {
      file: "agents/change.ts",
      find: `locks.acquire({ agentId, waitMs, signal: stop })`,
      replace: `locks.acquire({ agentId: "all", waitMs, signal: stop })`,
    },
  ],
  caughtBy: ["grow-the-api"],
} satisfies Defect;
