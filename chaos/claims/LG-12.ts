import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-12",
  statement: "Standby replicas take over automatically, and periodic backups can be restored.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Postgres resilience",
  decides:
    "The primary is killed: writes go on within a measured time, none that was acknowledged is lost, and a base backup with its log restores to one moment.",
} satisfies Claim;
