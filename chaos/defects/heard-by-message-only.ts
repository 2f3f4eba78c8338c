/** A message is quick, and it may be lost: whoever relies on it alone works on for nobody. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "heard-by-message-only",
  claim: "LG-2",
  what: "A handler looks for cancellations of its runs when a message says so, and otherwise once a minute.",
  edits: [
    {
      file: "runs/queue.ts",
      find: "const rechecks = setInterval(() => void recheckNow(), pollMs);",
      replace: "const rechecks = setInterval(() => void recheckNow(), 120 * pollMs);",
    },
  ],
  caughtBy: ["cancel-from-anywhere"],
} satisfies Defect;
