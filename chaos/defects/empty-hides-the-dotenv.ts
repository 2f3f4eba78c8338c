/** Compose sets every variable that its file names, empty where nobody gave it: with this, what is in .env is gone. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "empty-hides-the-dotenv",
  claim: "HS-19",
  what: "An empty variable of the environment counts as a value.",
  edits: [
    {
      file: "config/sources.ts",
      find: ` && value !== "");`,
      replace: `);`,
    },
  ],
  caughtBy: ["give-settings-twice"],
} satisfies Defect;
