/** HA-16: reads that a replica may answer are answered by one, as long as it has what their reader has seen. */
import type { Operation } from "../core/history.ts";
import { type Checker, conclude } from "../core/verdict.ts";
import { field } from "./trail.ts";

const fromReplica = ({ output }: Operation): boolean => field(output, "from") === "replica";

/** Counts who answered the reads called `read`, whose answers say it (output `{from: "replica" | "primary"}`). Decides nothing unless replicas answered some, and were too far behind for others. */
export function nearReads({ read }: { readonly read: string }): Checker {
  return ({ operations }) => {
    const reads = operations.filter(({ f, outcome, output }) => f === read && outcome === "ok" && field(output, "from") !== undefined);
    const near = reads.filter(fromReplica).length;
    const far = reads.length - near;
    const text = {
      holds: `Replicas answered ${near} of ${reads.length} reads; the primary answered ${far}, which a replica could not, or was too far behind for.`,
      nothing: `Replicas answered ${near} reads and the primary ${far}; both were expected to answer some.`,
    };
    return conclude("replicas serve reads", Math.min(near, far), [], text, { replicaReads: near, primaryReads: far });
  };
}
