import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-15",
  statement: "Asynchronous replication across regions loses a small window at most.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution: Data Synchronization Across Regions",
  decides:
    "Between three nodes of one cluster: their replication is delayed, or cut, and then the primary dies. What was acknowledged longer before than the delay and a second, or than the cut, is kept, the loss is counted, and another node goes on. Instances in several regions are not tried.",
  readings: {
    documented: "Latency of the network brings the window of loss.",
    corrected: "Delay alone loses nothing; what is acknowledged while the link is cut and the region then dies is lost.",
  },
  bound: {
    value: 1250,
    unit: "ms of acknowledged writes",
    why: "a delay of 250 ms and what a standby on this machine is behind anyway; where the link is cut, the time of the cut",
  },
} satisfies Claim;
