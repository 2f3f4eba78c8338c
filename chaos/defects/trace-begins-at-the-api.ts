/** Each hop has a trace of its own, and nobody's trace leads anywhere. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "trace-begins-at-the-api",
  claim: "HS-16",
  what: "An API instance begins a trace of its own for each request, whatever trace the request came with.",
  edits: [
    { file: "app.ts", find: `readTraceparent(headers.traceparent)?.traceId ?? requestId`, replace: `requestId` },
    { file: "app.ts", find: `    const parent = readTraceparent(request.headers.traceparent);`, replace: `    const parent = undefined;` },
  ],
  caughtBy: ["follow-a-request"],
} satisfies Defect;
