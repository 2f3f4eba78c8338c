import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-23",
  statement: "Conflicts are resolved when regions are merged.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution: Data Synchronization Across Regions",
  decides: "Writes that diverged after a failover are both to be seen, and the stated rule decides.",
  untried: {
    kind: "not yet",
    reason:
      "The second region of the topology regions reads from its standby and writes to the primary in the first. Nobody promotes that standby while the first goes on (promote-the-standby does so when the primary is gone), so that no writes diverge; and the server promises no merge.",
  },
} satisfies Claim;
