/** The usual read routing: what is read goes to the replica. Who has just written reads what was there before. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "position-ignored",
  claim: "HA-16",
  what: "A replica answers every read, however much more its reader has seen.",
  edits: [
    {
      file: "store/replica.ts",
      find: "if (!before || !reaches(before.position, seen)) return undefined;",
      replace: "if (!before) return undefined;",
    },
  ],
  caughtBy: ["read-from-replicas"],
} satisfies Defect;
