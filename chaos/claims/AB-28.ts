import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-28",
  statement: "HTTP/2 is spoken, with strong ciphers only.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Production Hardening: HTTPS/TLS",
  decides: "Handshakes of each protocol and with ciphers that must be refused, by a client that is known to offer them.",
  untried: { kind: "tested in the server", tests: ["deploy/nginx-tls.test.ts"], reason: "It is a matter of one nginx; load adds nothing." },
} satisfies Claim;
