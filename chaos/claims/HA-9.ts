import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-9",
  statement: "An agent can be exported and imported with its whole state.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "State Synchronization for Agents: Challenges with Persistent Memory",
  decides:
    "An export taken during writes holds every acknowledged write up to its version and none after it; what is imported elsewhere is the same agent, and replaces none.",
} satisfies Claim;
