/** The version is the agent's and grows with every message, so that writes of its state were refused for what had nothing to do with them; now only a version that the agent has not reached yet is refused. Two clients that read the same state and write it both succeed, and what the first one wrote is lost. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "state-on-any-version",
  claim: "HS-14",
  what: "The state of an agent may be written by whoever has seen its version or an earlier one.",
  edits: [
    {
      file: "routes/agents.ts",
      find: "if (expected !== undefined && version !== expected) throw new Problem(412",
      replace: "if (expected !== undefined && version < expected) throw new Problem(412",
    },
  ],
  caughtBy: ["contend-for-memory"],
} satisfies Defect;
