/** An old .env file that nobody thought of wins against what the operator has just set. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "dotenv-before-the-environment",
  claim: "HS-19",
  what: "What the .env file says counts, whatever the environment says.",
  edits: [
    {
      file: "config/sources.ts",
      find: `return { ...(dotEnv === undefined ? {} : withFiles(parseEnv(dotEnv), dotEnvPath, readText)), ...Object.fromEntries(given) };`,
      replace: `return { ...Object.fromEntries(given), ...(dotEnv === undefined ? {} : withFiles(parseEnv(dotEnv), dotEnvPath, readText)) };`,
    },
  ],
  caughtBy: ["give-settings-twice"],
} satisfies Defect;
