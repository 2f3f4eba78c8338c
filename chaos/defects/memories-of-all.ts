/** One table and no owner in the question: what one agent was told, another one recalls. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "memories-of-all",
  claim: "HS-5",
  what: "A search looks among the memories of all agents.",
  edits: [
    {
      file: "agents/archive.ts",
      find: "from agent_archive where agent_id = $1) compared",
      replace: "from agent_archive where $1::text is not null) compared",
    },
  ],
  caughtBy: ["work-on-agents"],
} satisfies Defect;
