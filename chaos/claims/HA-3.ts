import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-3",
  statement: "Streaming replication: a standby is promoted with minimal loss.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Database High Availability: PostgreSQL Replication",
  decides:
    "Synchronous: every acknowledged write is found on the node that was promoted. Asynchronous: the link is cut before the primary dies, the loss is counted, and nothing is lost that was acknowledged before the cut. Where the primary has lost its standbys, nobody is promoted; where it is strict, nothing is acknowledged meanwhile. Where the standby is promoted by hand: every instance writes on it within 5 s of its way leading there, and nobody restarts one.",
  bound: {
    value: 0,
    unit: "acknowledged writes lost",
    why: "with synchronous replication and a killed process; the page cache survives, so the loss of an fsync interval cannot be shown",
  },
} satisfies Claim;
