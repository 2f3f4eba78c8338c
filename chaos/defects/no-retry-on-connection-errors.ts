/** An error of the connection to Postgres is passed on at once instead of being waited out. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "no-retry-on-connection-errors",
  claim: "LG-10",
  what: "A statement that meets a broken or refused connection is not sent again.",
  edits: [
    {
      file: "store/postgres.ts",
      find: `        if (!isTransient(error)) throw error;
        cause = error;`,
      replace: `        if (!isTransient(error) || !connectionSurvives(error)) throw error;
        cause = error;`,
    },
  ],
  caughtBy: ["restart-postgres"],
} satisfies Defect;
