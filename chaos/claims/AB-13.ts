import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-13",
  statement: "Each client address may send 10 requests a second with bursts of 20.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Production Hardening: Rate Limiting",
  decides:
    "Clients of several addresses ask a balancer that limits them, some too often: each is admitted what a leaky bucket of its own lets through, and who keeps the rate is never refused; and what is admitted is served at once.",
  bound: { value: 10, unit: "requests/s and a burst of 20, for each address", why: "the guide's numbers" },
} satisfies Claim;
