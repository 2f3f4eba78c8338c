/** Tried out with Ctrl-C: what a supervisor sends is another signal, and by default it ends the process at once. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "sigterm-unheard",
  claim: "HS-15",
  what: "An instance gives back what it has under way when it gets SIGINT, and not when it gets SIGTERM.",
  edits: [{ file: "main.ts", find: `process.on("SIGTERM", onSignal);\n`, replace: "" }],
  caughtBy: ["shrink-the-deployment"],
} satisfies Defect;
