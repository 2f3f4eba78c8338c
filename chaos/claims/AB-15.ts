import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-15",
  statement: "Only TLS 1.2 and 1.3 are spoken.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Production Hardening: HTTPS/TLS",
  decides: "Handshakes of each version, by a client that is known to speak it.",
  bound: { value: 1.2, unit: "TLS version at least", why: "the guide's list; the probe must be seen to speak 1.1 to a control server" },
  untried: { kind: "tested in the server", tests: ["deploy/nginx-tls.test.ts"], reason: "It is a matter of one nginx; load adds nothing." },
} satisfies Claim;
