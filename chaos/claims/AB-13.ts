import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-13",
  statement: "Each client address may send 10 requests a second with bursts of 20.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Production Hardening: Rate Limiting",
  decides:
    "The arrivals that nginx logged are replayed through the limiter: its decisions agree but within 1 ms of the threshold, and other clients are untouched.",
  bound: { value: 10, unit: "requests/s and a burst of 20, for each address", why: "the guide's numbers" },
  untried: { kind: "tested in the server", tests: ["deploy/nginx-limits.test.ts"], reason: "Clients of several addresses are replayed there." },
} satisfies Claim;
