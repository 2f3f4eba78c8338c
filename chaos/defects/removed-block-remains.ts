/** What is merged is never less. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "removed-block-remains",
  claim: "HS-14",
  what: "The blocks of a change are merged into those that the agent has, so that a block that was removed is still there.",
  edits: [
    {
      file: "agents/agent.ts",
      find: "blocks = coalesce($5::jsonb, blocks)",
      replace: "blocks = blocks || coalesce($5::jsonb, '{}')",
    },
  ],
  caughtBy: ["contend-for-memory"],
} satisfies Defect;
