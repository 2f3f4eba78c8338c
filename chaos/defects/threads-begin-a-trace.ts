/** There are two ways to create a run, and one of them lost a line when they were made alike. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "threads-begin-a-trace",
  claim: "HS-16",
  what: "Runs that are created in a thread are stored without the trace of their request.",
  edits: [
    {
      file: "routes/threads.ts",
      find: `        webhook,
        traceparent: writeTraceparent(request.span.context),
`,
      replace: `        webhook,
`,
    },
  ],
  caughtBy: ["follow-a-request"],
} satisfies Defect;
