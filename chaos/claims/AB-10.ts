import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-10",
  statement: "Instances are updated one at a time without downtime.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Zero-Downtime Deployment: Rolling Update",
  decides: "Under load no request fails while each instance is marked down, stopped and started again.",
  bound: { value: 0, unit: "failed requests", why: "the guide says zero downtime" },
  readings: {
    documented: "Each instance is stopped while it is in rotation.",
    corrected: "It is marked down, the balancer reloads, the instance is left by everybody, and only then stopped.",
  },
} satisfies Claim;
