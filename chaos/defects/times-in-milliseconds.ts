/** Prometheus wants seconds. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "times-in-milliseconds",
  claim: "AB-17",
  what: "The histogram of seconds is given milliseconds.",
  edits: [{ file: "app.ts", find: "observe(labels, reply.elapsedTime / 1000)", replace: "observe(labels, reply.elapsedTime)" }],
  caughtBy: ["count-requests"],
} satisfies Defect;
