/** The work goes on, and nobody is there to hear of it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "query-given-up",
  claim: "AB-23",
  what: "An instance answers a query after 30 s at the latest, whether its run has ended or not.",
  edits: [{ file: "routes/query.ts", find: "const queryTimeoutMs = 300_000;", replace: "const queryTimeoutMs = 30_000;" }],
  caughtBy: ["watch-memory"],
} satisfies Defect;
