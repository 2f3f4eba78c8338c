/** Whoever moves an agent moves its history and not its memory. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "blocks-left-out",
  claim: "HA-9",
  what: "An export has no blocks.",
  edits: [
    {
      file: "agents/document.ts",
      find: `  const { events, ...rest } = found;`,
      replace: `  const { events, ...rest } = { ...found, blocks: {} };`,
    },
  ],
  caughtBy: ["move-agents"],
} satisfies Defect;
