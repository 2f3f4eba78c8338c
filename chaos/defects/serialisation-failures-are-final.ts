/** What Postgres asks to be sent again is passed on to the client. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "serialisation-failures-are-final",
  claim: "LG-14",
  what: "A statement that met a serialisation failure or a deadlock is not sent again.",
  edits: [{ file: "store/transient.ts", find: `"40001", "40P01", `, replace: "" }],
  caughtBy: ["repeat-statements"],
} satisfies Defect;
