/** Two clients replace what both have read, and the second replaces what it has never seen. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "version-not-compared",
  claim: "HS-14",
  what: "A block is replaced without asking whether it is still at the version that the client names.",
  edits: [
    {
      file: "routes/memory.ts",
      find: `if (expected !== undefined && version !== expected) throw`,
      replace: `if (expected !== undefined && version < 0) throw`,
    },
  ],
  caughtBy: ["contend-for-memory"],
} satisfies Defect;
