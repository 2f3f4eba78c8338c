/** A key that was mounted as a file is not there: nobody is let in with it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "keys-not-read-from-files",
  claim: "HS-19",
  what: "Of secrets in files only addresses and passwords are read, and keys are not.",
  edits: [
    {
      file: "config/sources.ts",
      find: `(?:URL|KEY|KEYS|SECRET|PASSWORD|TOKEN)`,
      replace: `(?:URL|SECRET|PASSWORD|TOKEN)`,
    },
  ],
  caughtBy: ["give-settings-twice"],
} satisfies Defect;
