import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-17",
  statement: "nginx finds new instances through DNS.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "Nginx Load Balancing and Session Affinity",
  decides: "An address gets requests once the name has it, and none once it has not, without a reload.",
  untried: {
    kind: "tested in the server",
    tests: ["deploy/nginx-dns.test.ts"],
    reason: "A name server of the test's own answers there; the one of a container network is out of reach.",
  },
} satisfies Claim;
