/** How locks are kept is each instance's own business, it was thought, as both ways are locks. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "strategy-may-differ",
  claim: "HS-10",
  what: "The kind of lock is not among the settings that have to be the same on every instance.",
  edits: [
    {
      file: "config/fingerprint.ts",
      find: `  "lockStrategy",
`,
      replace: ``,
    },
  ],
  caughtBy: ["drift-of-a-setting"],
} satisfies Defect;
