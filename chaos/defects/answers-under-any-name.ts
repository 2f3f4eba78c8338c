/** Whoever looks for the slow instance by its answers finds it a little in each. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "answers-under-any-name",
  claim: "AB-19",
  what: "An answer names any instance instead of the one that gave it.",
  edits: [
    {
      file: "app.ts",
      find: `    reply.header("X-Instance-Id", config.instanceId);
    if (`,
      replace: `    reply.header("X-Instance-Id", config.role + "-" + (1 + Math.floor(Math.random() * 3)));
    if (`,
    },
  ],
  caughtBy: ["slow-one-instance"],
} satisfies Defect;
