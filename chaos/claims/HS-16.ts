import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-16",
  statement: "Metrics and traces follow a request across instances, and logs have one shape.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Environment Variables and Configuration",
  decides:
    "Requests with a trace of their own go through the balancer: spans of an API instance and of the queue instance that did the work are in it; every log line is one JSON object with the same fields.",
} satisfies Claim;
