/** A page that waits for what is silent is silent itself. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "health-without-limit",
  claim: "HA-12",
  what: "The health page waits for each component for as long as that takes.",
  edits: [
    {
      file: "health.ts",
      find: `const up = (await settledWithin(asked, checkMs)) && (await asked);`,
      replace: `const up = (await settledWithin(asked, 60 * checkMs)) && (await asked);`,
    },
    { file: "health.ts", find: `db.once("select 1", [], checkMs)`, replace: `db.once("select 1", [], 60 * checkMs)` },
  ],
  caughtBy: ["ask-for-health"],
} satisfies Defect;
