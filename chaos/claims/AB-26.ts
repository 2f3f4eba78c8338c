import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-26",
  statement: "A rolling update waits 10 s after each instance for its health.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Zero-Downtime Deployment: Rolling Update",
  decides: "The update with a pause and with readiness, while instances take longer to start than the pause.",
  bound: { value: 10, unit: "s", why: "the guide's sleep" },
  readings: {
    documented: "The script sleeps for 10 s and goes on, whatever the instance says.",
    corrected: "Readiness decides, and never are all replaced at once.",
  },
  untried: {
    kind: "not yet",
    reason: "The manifests go by readiness (deploy/kubernetes.test.ts); that the pause fails with a slow start is not shown.",
  },
} satisfies Claim;
