import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-22",
  statement: "Zones are independent, DNS leads to the nearest region that is there, and local reads are faster.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "Geographic Distribution",
  decides: "The loss of one zone's Redis does not touch the other; names lead away from a dead region; reads are measured.",
  untried: { kind: "out of reach", reason: "It takes two zones with replicas and a name server between them." },
} satisfies Claim;
