/** HA-16: reads that a replica may answer are answered by one, as long as it has what their reader has seen. */
import type { Operation } from "../core/history.ts";
import { type Checker, conclude } from "../core/verdict.ts";
import { calmStretches, isCalm } from "./calm.ts";
import { at } from "./judge.ts";
import { busyAbout } from "./saturation.ts";
import { field } from "./trail.ts";

/** Of a reader who wants nothing in particular, so many in calm times are not all unlucky. */
const leastPeeks = 100;
/** A replica that takes longer to answer is as good as none (ms). */
const patienceMs = 1000;

const fromReplica = ({ output }: Operation): boolean => field(output, "from") === "replica";

/**
 * Counts who answered the reads called `read`, whose answers say it (output `{from: "replica" | "primary"}`). Decides nothing unless replicas answered some, and were too far behind for others. Those
 * who `peek` say nothing of what they have seen, so that any replica may answer them: where in calm times none of a hundred was answered by one, replicas serve no reads.
 */
export function nearReads({ read, peek }: { readonly read: string; readonly peek: string }): Checker {
  return (evidence) => {
    const answered = evidence.operations.filter(({ outcome, output }) => outcome === "ok" && field(output, "from") !== undefined);
    const reads = answered.filter(({ f }) => f === read);
    const near = reads.filter(fromReplica).length;
    const far = reads.length - near;
    const calm = calmStretches(evidence);
    // Whoever waits for a processor is as good as none, too: reads of such times say nothing, and those of others stand.
    const hadTime = (time: number): boolean => busyAbout(evidence.samples, patienceMs, time) === undefined;
    const peeks = answered.filter(({ f, invokedAt, completedAt }) => f === peek && isCalm(calm, invokedAt, completedAt) && hadTime(invokedAt));
    const [first] = peeks;
    const none = first !== undefined && peeks.length >= leastPeeks && !peeks.some(fromReplica);
    const found = none
      ? [
          {
            time: first.invokedAt,
            until: peeks.reduce((last, { completedAt }) => Math.max(last, completedAt), 0),
            text: `none of ${peeks.length} reads that any replica may answer, from ${at(first.invokedAt)} on and far from every fault, was answered by one.`,
          },
        ]
      : [];
    const text = {
      holds: `Replicas answered ${near} of ${reads.length} reads; the primary answered ${far}, which a replica could not, or was too far behind for.`,
      nothing: `Replicas answered ${near} reads and the primary ${far}; both were expected to answer some.`,
    };
    const examined = none ? peeks.length : Math.min(near, far);
    return conclude("replicas serve reads", examined, found, text, { replicaReads: near, primaryReads: far, calmPeeks: peeks.length });
  };
}
