/** Joining a stream only looks whether there is such a run, and a look that fails is not to become an error page in the midst of an EventSource. But what was not found and what could not be asked for are then the same 404: during an outage clients are told that their runs do not exist, and 404 is what they do not try again. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "away-means-absent",
  claim: "LG-11",
  what: "While the database is away, joining a stream is answered 404: there is no run with this id.",
  edits: [
    {
      file: "routes/stream.ts",
      find: "const run = await readRun(db, id);",
      replace: "const run = await readRun(db, id).catch(() => undefined);",
    },
  ],
  caughtBy: ["lose-postgres-for-long"],
} satisfies Defect;
