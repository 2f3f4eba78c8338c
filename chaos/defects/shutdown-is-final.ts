import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "shutdown-is-final",
  claim: "LG-14",
  what: "A statement that an administrator ended is not sent again.",
  edits: [{ file: "store/transient.ts", find: '"57P01", ', replace: "" }],
  caughtBy: ["repeat-statements"],
} satisfies Defect;
