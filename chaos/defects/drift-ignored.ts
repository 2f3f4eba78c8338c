/** Two instances differ on a setting, and nobody objects. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "drift-ignored",
  claim: "HS-10",
  what: "The settings of an instance are compared with the others', and the difference is ignored.",
  edits: [
    {
      file: "config/shared-config.ts",
      find: `  if (recorded.fingerprint === fingerprint) return;`,
      replace: `  if (recorded.fingerprint !== "") return;`,
    },
  ],
  caughtBy: ["drift-of-a-setting"],
} satisfies Defect;
