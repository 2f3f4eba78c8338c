/** An instance believes its own copy until it is told otherwise, and an instance that is cut off is told nothing. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "local-cache-trusts-messages",
  claim: "HS-13",
  what: "An agent in an instance's own cache is kept until a message says that it changed.",
  edits: [
    {
      file: "agents/agent-cache.ts",
      find: `if (held && monotonicMs() < held.untilMs) return { agent: held.agent, source: "local" };`,
      replace: `if (held) return { agent: held.agent, source: "local" };`,
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
