/** The token is unique among the events of an agent, which guards the same change against being made twice; but whoever is guarded by an error has to know it for his own. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "own-change-stumbled-over",
  claim: "LG-14",
  what: "A change of an agent whose answer was lost is sent again and fails for its own first copy, as a mistake of the server.",
  edits: [
    {
      file: "agents/agent.ts",
      find: " and fence <= $2 and last_token <> $2",
      replace: " and fence <= $2",
    },
  ],
  caughtBy: ["lose-the-answers-to-appends"],
} satisfies Defect;
