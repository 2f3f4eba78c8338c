/** Whoever listens calls itself ready: the update that waits for it goes on too soon. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "ready-at-once",
  claim: "AB-26",
  what: "An instance says that it is ready as soon as it listens, before it knows whether the schema is up to date.",
  edits: [
    {
      file: "routes/operations.ts",
      find: `lifecycle.state !== "serving"
        ?`,
      replace: `lifecycle.state === "passive"
        ?`,
    },
  ],
  caughtBy: ["update-slow-starters"],
} satisfies Defect;
