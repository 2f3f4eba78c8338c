import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-23",
  statement: "Conflicts are resolved when regions are merged.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution: Data Synchronization Across Regions",
  decides:
    "A primary acknowledges writes that never reach its standby, which is promoted and goes on with the same agents: what the lost side has of an agent is refused under the id that the other side has, and taken under a free one, as it was.",
  readings: {
    documented: "Conflicts are resolved when regions are merged.",
    corrected:
      "Nobody can know which of two histories is meant, so that nothing is merged: both are to be seen, and a conflict is told to whoever brings the other one.",
  },
} satisfies Claim;
