import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-14",
  statement: "The pool is monitored (checked out, available, overflow), with an alert near exhaustion.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Monitoring and Automated Failover: Database Pool Monitoring",
  decides:
    "The gauges equal what Postgres counts while nothing changes, also with every connection in use; before a caller is refused they are at the alert's threshold, which is not the pool's end itself, and below it afterwards.",
  bound: { value: 80, unit: "% of the pool in use", why: "the threshold of the target's alert, which has to be reached before anybody is refused" },
} satisfies Claim;
