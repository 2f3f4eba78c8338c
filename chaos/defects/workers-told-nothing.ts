/** The foreman leaves when the hands have been knocked down. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "workers-told-nothing",
  claim: "LG-9",
  what: "An instance of several workers that is told to stop does not pass it on, and kills them when their time is over.",
  edits: [{ file: "workers/supervise.ts", find: `      for (const worker of ends.keys()) say(worker, "stop");\n`, replace: "" }],
  caughtBy: ["stop-workers-politely"],
} satisfies Defect;
