import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-4",
  statement: "A failover manager promotes the standby by itself, and this is tried regularly.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Database High Availability: Failover Mechanisms",
  decides:
    "The primary is killed, stopped, orphaned and told to hand over, several times at random moments: the longest time without an acknowledged write has a median and a maximum, and the maximum is bounded.",
  bound: {
    value: 8000,
    unit: "ms without an acknowledged write",
    why: "a primary is given up after 6 s of silence, and promoting another takes 2 s; 11 s where it is stopped, since its way in then waits for answers, and 9 s for an orphan; 30 s in containers, whose addresses fall silent with them",
  },
} satisfies Claim;
