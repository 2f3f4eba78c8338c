/** False says that it is full, and not that it was refused. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "written-again-after-the-drain",
  claim: "FR-4",
  what: "An event for which a stream's buffer had no room left is written once more when there is room.",
  edits: [
    {
      file: "routes/event-stream.ts",
      find: "  await drained;",
      replace: "  await drained;\n  // Now there is room for it.\n  await write(response, text, gone);",
    },
  ],
  caughtBy: ["stream-through-faults"],
} satisfies Defect;
