/** Ctrl-C of a terminal reaches everybody at once; a supervisor that does the same ends what is under way. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "workers-cut-off",
  claim: "LG-9",
  what: "An instance of several workers that is told to stop kills them at once, with what they are answering.",
  edits: [
    {
      file: "workers/supervise.ts",
      find: `      for (const worker of ends.keys()) say(worker, "stop");`,
      replace: `      for (const worker of ends.keys()) worker.process.kill("SIGKILL");`,
    },
  ],
  caughtBy: ["stop-workers-politely"],
} satisfies Defect;
