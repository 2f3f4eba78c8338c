import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-11",
  statement: "Traffic is switched from the old instances to new ones by a reload of nginx.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Zero-Downtime Deployment: Blue-Green Deployment",
  decides:
    "No request fails, streams that the old instances carry come to their ends, and none that the new configuration answers goes to the old instances.",
  bound: {
    value: 0,
    unit: "failed requests",
    why: "the switch is when a probe sees the new configuration's version, because the reload returns before it acts",
  },
  readings: {
    documented: "The new instances are added beside the old ones, which are then stopped.",
    corrected: "The new configuration names the new instances only, and the old ones are stopped when their last stream has ended.",
  },
} satisfies Claim;
