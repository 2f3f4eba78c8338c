/** Two clients each replace one block on the condition that the other one is as they read it, and both are told that it was. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "condition-on-what-is-set",
  claim: "HS-14",
  what: "A change of blocks compares the versions of those that it sets, and not of those that it only relies on.",
  edits: [
    {
      file: "routes/memory.ts",
      find: `const label = unexpectedBlock(read, expect);`,
      replace: `const label = unexpectedBlock(read, Object.fromEntries(Object.entries(expect).filter(([name]) => Object.hasOwn(set, name))));`,
    },
  ],
  caughtBy: ["contend-for-memory"],
} satisfies Defect;
