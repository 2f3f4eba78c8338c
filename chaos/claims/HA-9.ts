import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-9",
  statement: "An agent can be exported and imported with its whole state.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "State Synchronization for Agents: Challenges with Persistent Memory",
  decides: "What is imported elsewhere is the same agent; an export taken during writes is one moment of it.",
  untried: {
    kind: "tested in the server",
    tests: ["agents/document.test.ts", "routes/agents.test.ts"],
    reason: "Exports race writes there; no experiment does so under load.",
  },
} satisfies Claim;
