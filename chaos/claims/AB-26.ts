import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-26",
  statement: "A rolling update waits 10 s after each instance for its health.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Zero-Downtime Deployment: Rolling Update",
  decides:
    "The update with readiness and with a pause, while instances take longer to start than the pause: with readiness no request fails; what the pause costs is counted. And by the manifest an update takes no pod away before another one is ready.",
  bound: { value: 0, unit: "failed requests", why: "while each instance takes 12 s to start, longer than the guide's sleep of 10 s" },
  readings: {
    documented: "The script sleeps for 10 s and goes on, whatever the instance says.",
    corrected: "Readiness decides, and never are all replaced at once.",
  },
} satisfies Claim;
