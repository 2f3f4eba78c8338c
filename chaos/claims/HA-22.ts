import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-22",
  statement: "Zones are independent, DNS leads to the nearest region that is there, and local reads are faster.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution",
  decides:
    "Two regions, each with instances and a Redis, 25 ms apart each way: clients are answered in the region that they name; when one loses its Redis no instance of the other misses its own; when the second loses everything its clients are served by the first; reads near by are faster than those from the primary, by medians of one run. A balancer leads to the regions, which clients name; DNS is not tried.",
} satisfies Claim;
