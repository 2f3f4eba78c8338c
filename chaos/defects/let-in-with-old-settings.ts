/** Who is to be replaced soon need not be like the others. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "let-in-with-old-settings",
  claim: "HS-10",
  what: "An instance of an earlier generation of the settings is let in, whatever they are.",
  edits: [
    {
      file: "config/shared-config.ts",
      find: "  if (recorded.fingerprint === fingerprint) return;",
      replace: "  if (recorded.fingerprint === fingerprint || generation < recorded.generation) return;",
    },
  ],
  caughtBy: ["drift-of-a-setting"],
} satisfies Defect;
