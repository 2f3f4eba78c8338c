/** An index that is one behind. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "search-forgets-the-last",
  claim: "HS-5",
  what: "A search does not find the memory that was stored last.",
  edits: [
    {
      file: "agents/archive.ts",
      find: "from agent_archive where agent_id = $1) compared",
      replace: "from agent_archive where agent_id = $1 and seq < (select max(seq) from agent_archive where agent_id = $1)) compared",
    },
  ],
  caughtBy: ["work-on-agents"],
} satisfies Defect;
