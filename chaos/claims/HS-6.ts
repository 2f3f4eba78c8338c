import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-6",
  statement: "The per-agent lock serialises critical operations on one agent across all instances.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
} satisfies Claim;
