import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "LG-13",
  statement: "Instances behind a balancer share the HTTP load.",
  document: "Scalability and resilience of a run queue server (seed 003)",
  where: "Server scalability",
  decides:
    "Chosen at random, every ready instance answers an equal share by a chi-square test at 1e-4; and two and three instances carry two and three times what one does.",
} satisfies Claim;
