/** Whoever has gone takes nothing. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "late-connection-kept",
  claim: "HA-5",
  what: "A connection that comes free for a caller who has stopped waiting is given back by nobody.",
  edits: [
    {
      file: "store/postgres.ts",
      find: "(late) => late.release(),",
      replace: "() => {},",
    },
  ],
  caughtBy: ["overrun-the-pool"],
} satisfies Defect;
