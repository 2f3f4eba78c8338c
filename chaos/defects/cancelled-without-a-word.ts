/** Whoever cancels is told so by the answer, and the run's row says it to everybody else, so that its last event looks like one more write for nobody. Whoever streams the run waits for its end for ever, on this connection and on every later one. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "cancelled-without-a-word",
  claim: "LG-3",
  what: "A run that a client cancels has no last event: its streams never end.",
  edits: [
    {
      file: "runs/cancel.ts",
      find: "'error', null) from cancelled\n     returning seq`,",
      replace: "'error', null) from cancelled where last_seq < 0\n     returning seq`,",
    },
  ],
  caughtBy: ["cancel-from-anywhere"],
} satisfies Defect;
