/** Nothing was updated, so a newer holder must have been here: true of a statement that is sent once. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "own-change-taken-for-anothers",
  claim: "LG-14",
  what: "A change of an agent whose answer was lost is sent again, finds its own token there and is refused, although it was made.",
  edits: [
    {
      file: "agents/agent.ts",
      find: "  return own?.seq;",
      replace: "  return own && undefined;",
    },
  ],
  caughtBy: ["lose-the-answers-to-appends"],
} satisfies Defect;
