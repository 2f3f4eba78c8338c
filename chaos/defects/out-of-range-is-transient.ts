/** Whole classes instead of codes: 25 for the server that takes no writes, and 22 slipped in beside it. A number that is out of range is so each time. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "out-of-range-is-transient",
  claim: "LG-6",
  what: "Data that Postgres refuses count as an error that passes: the run is executed four times.",
  edits: [{ file: "store/transient.ts", find: "    sqlStates.has(code) ||", replace: "    sqlStates.has(code) ||\n    /^2[25]/.test(code) ||" }],
  caughtBy: ["fail-for-good"],
} satisfies Defect;
