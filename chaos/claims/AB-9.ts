import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-9",
  statement: "An instance is stopped by hand, traffic moves to the others, and it is started again.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Health Checks & Failover: Manual Failover",
  decides: "The window of errors from the stop to the first steady second, and the time until the instance serves again.",
  untried: {
    kind: "not yet",
    reason:
      "stop-instances-politely does just that to an API instance among others, and judges it as LG-9; the window of the API instance alone is not told apart.",
  },
} satisfies Claim;
