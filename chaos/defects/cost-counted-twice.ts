/** A client that was not answered sends its cost again, and the session pays twice. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cost-counted-twice",
  claim: "AB-4",
  what: "A cost that is sent again under its key is counted again.",
  edits: [
    {
      file: "sessions/session.ts",
      find: `       on conflict do nothing
       returning micros`,
      replace: `       on conflict (session_id, key) do update set micros = excluded.micros
       returning micros`,
    },
  ],
  caughtBy: ["share-state-between-instances"],
} satisfies Defect;
