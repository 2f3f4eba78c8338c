import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-15",
  statement: "Asynchronous replication across regions loses a small window at most.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution: Data Synchronization Across Regions",
  decides: "Delay and then a cut on the replication's edge: the measured loss is within delay and bound, and another region goes on.",
  readings: {
    documented: "Latency of the network brings the window of loss.",
    corrected: "Delay alone loses nothing; what is acknowledged while the link is cut and the region then dies is lost.",
  },
  untried: { kind: "out of reach", reason: "It takes two replicated databases." },
} satisfies Claim;
