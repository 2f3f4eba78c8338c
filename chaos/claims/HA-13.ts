import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-13",
  statement: "A component that was taken for dead cannot write once its successor has taken over (fencing).",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Monitoring and Automated Failover: Automated Failover Triggers",
  decides:
    "A lock holder is stopped past its lease, its successor writes, and the resource accepts nothing with the older token afterwards; at least one holder must have been provoked so. One that wakes up earlier, after its successor has read and before it writes, may not be told that a text was kept over which that one then writes; at least one must have woken up then. An orphaned primary of Postgres accepts nothing once another leads, and of one that was stopped until then and wakes up no acknowledged write is lost.",
  bound: { value: 0, unit: "stale writes accepted", why: "at the resource, after the newer holder's first write" },
  readings: {
    documented:
      "The failed component is properly shut down before its successor takes over, which nobody can know of a component that does not answer.",
    corrected: "The resource refuses the older token, whatever the old component does.",
  },
} satisfies Claim;
