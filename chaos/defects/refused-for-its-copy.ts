/** Nobody reads less than he has seen. But where the copy is behind, the client is refused for as long as the copy lives, though the record has it. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "refused-for-its-copy",
  claim: "HA-8",
  what: "A session whose copy is behind what its client has seen is refused, and not read from the record.",
  edits: [
    {
      file: "routes/sessions.ts",
      find: `      const session = cached && cached.version >= least ? cached : await readSession(db, id);`,
      replace: `      const session = cached;`,
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
