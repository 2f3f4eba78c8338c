import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-14",
  statement: "/api/v1/security/ answers only allowed addresses.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Production Hardening: IP Whitelisting",
  decides: "Allowed and denied addresses, and a header that pretends another one.",
} satisfies Claim;
