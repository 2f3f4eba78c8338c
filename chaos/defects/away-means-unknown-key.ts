/** Nobody is let in whose key cannot be looked up, which is right; but 401 says that the key is no good, and clients throw it away. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "away-means-unknown-key",
  claim: "LG-11",
  what: "While the database is away, keys of which there is no copy are answered 401: they are not valid.",
  edits: [
    {
      file: "routes/security.ts",
      find: "() => identify(db, hash))).value;",
      replace: "() => identify(db, hash).catch(() => undefined))).value;",
    },
  ],
  caughtBy: ["lose-postgres-for-long"],
} satisfies Defect;
