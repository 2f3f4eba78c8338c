import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-16",
  statement: "Metrics and traces follow a request across instances, and logs have one shape.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Environment Variables and Configuration",
  decides: "One trace id leads from the balancer through the API instance to the attempt on the queue instance; every log line is JSON of one shape.",
  untried: {
    kind: "tested in the server",
    tests: ["tracing/trace-context.test.ts", "tracing/tracing.test.ts"],
    reason: "A collector receives the spans of a few requests there, without faults.",
  },
} satisfies Claim;
