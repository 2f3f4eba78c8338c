/** A list from memory: 08006 is the code that everybody has seen, and 57P01. That a connection could not be made, or was not there any more, has codes of its own. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "some-connections-are-final",
  claim: "LG-14",
  what: "Of errors of the connection only 08006 is met by sending the statement again.",
  edits: [{ file: "store/transient.ts", find: '"08000", "08001", "08003", "08006"', replace: '"08006"' }],
  caughtBy: ["repeat-statements"],
} satisfies Defect;
