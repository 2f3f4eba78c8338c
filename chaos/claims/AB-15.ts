import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-15",
  statement: "Only TLS 1.2 and 1.3 are spoken.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Production Hardening: HTTPS/TLS",
  decides:
    "Clients offer one version after another to a balancer that speaks TLS; a server that refuses nobody shows that they can speak each of them.",
  bound: { value: 1.2, unit: "TLS version at least", why: "the guide's list; the probe must be seen to speak 1.1 to a control server" },
} satisfies Claim;
