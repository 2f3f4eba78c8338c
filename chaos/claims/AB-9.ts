import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-9",
  statement: "An instance is stopped by hand, traffic moves to the others, and it is started again.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Health Checks & Failover: Manual Failover",
  decides:
    "An instance is stopped under load: what it was answering is answered, as is what still reaches it, clients see no more of it within 2 s, and it serves again within the bound of its start.",
  bound: { value: 32_000, unit: "ms", why: "the balancer leaves an instance that refused three requests alone for 30 s, counted in whole seconds" },
} satisfies Claim;
