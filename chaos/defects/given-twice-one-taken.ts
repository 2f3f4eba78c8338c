/** A key that was to be replaced goes on being good, because the file with the new one was named beside it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "given-twice-one-taken",
  claim: "HS-19",
  what: "Of a secret and a file of it, both set in one place, the file is taken without a word.",
  edits: [
    {
      file: "config/sources.ts",
      find: `if (env[name]) throw new ConfigError(\`\${name} and \${fileName} are both set in \${from}. Leave one of them out.\`);`,
      replace: ``,
    },
  ],
  caughtBy: ["give-settings-twice"],
} satisfies Defect;
