/** A search is only there to help, and one that fails is not to fail its caller. But nothing found and nothing asked are the same answer then, and an agent believes that it has no memories. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "away-means-nothing-found",
  claim: "LG-11",
  what: "While the database is away, searches of archival memory are answered 200 with nothing found.",
  edits: [
    {
      file: "routes/memory.ts",
      find: "memories: await searchArchive(db, how, request.params.id, query, limit) };",
      replace: "memories: await searchArchive(db, how, request.params.id, query, limit).catch(() => []) };",
    },
  ],
  caughtBy: ["lose-postgres-for-long"],
} satisfies Defect;
