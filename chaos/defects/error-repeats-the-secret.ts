/** Whoever may read the log of a start that failed reads the secret. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "error-repeats-the-secret",
  claim: "HS-19",
  what: "The error about a secret that was given twice tells it.",
  edits: [
    {
      file: "config/sources.ts",
      find: `\`\${name} and \${fileName} are both set in \${from}. Leave one of them out.\``,
      replace: `\`\${name} (\${env[name]}) and \${fileName} are both set in \${from}. Leave one of them out.\``,
    },
  ],
  caughtBy: ["give-settings-twice"],
} satisfies Defect;
