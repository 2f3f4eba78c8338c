import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-17",
  statement: "nginx finds new instances through DNS.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Nginx Load Balancing and Session Affinity",
  decides:
    "An address gets requests once the name has it, and none once it has not, without a reload, and nobody pays for it. A name service that is silent costs requests, which are counted.",
} satisfies Claim;
