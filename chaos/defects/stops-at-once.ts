/** What was under way is left for the sweeper to find. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "stops-at-once",
  claim: "LG-9",
  what: "An instance that is told to stop ends at once, with everything it was executing.",
  edits: [
    {
      file: "main.ts",
      find: `  log.info({ signal }, "stopping");`,
      replace: `  log.info({ signal }, "stopping");
  process.exit(0);`,
    },
  ],
  caughtBy: ["stop-instances-politely"],
} satisfies Defect;
