import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-28",
  statement: "HTTP/2 is spoken, with strong ciphers only.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Production Hardening: HTTPS/TLS",
  decides:
    "Clients offer ciphers without authentication or encryption, a good one, and HTTP/2; a server that refuses nobody shows that they can speak each of them.",
} satisfies Claim;
