/** An answer is an answer. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "errors-counted-as-answers",
  claim: "AB-17",
  what: "Requests that failed are counted as answered.",
  edits: [
    { file: "app.ts", find: "status: String(reply.statusCode) };", replace: 'status: reply.statusCode >= 500 ? "200" : String(reply.statusCode) };' },
  ],
  caughtBy: ["count-requests"],
} satisfies Defect;
