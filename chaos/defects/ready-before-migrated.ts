/** As long as there is nothing to migrate nobody notices. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "ready-before-migrated",
  claim: "HS-2",
  what: "An instance says that it is ready, and serves, while it still waits for its migration.",
  edits: [
    {
      file: "instance.ts",
      find: `    await prepared;
    if (isAlone) {`,
      replace: `    prepared.catch(() => {});
    if (isAlone) {`,
    },
  ],
  caughtBy: ["hold-up-a-migration"],
} satisfies Defect;
