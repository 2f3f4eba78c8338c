/** Two instances work on one agent at the same time, each with the lock in its hand. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lock-in-process",
  claim: "HS-6",
  what: "The per-agent lock lives in the memory of each instance, as seed 000 documents it.",
  edits: [
    {
      file: "config.ts",
      find: `    lockStrategy: oneOf(env, "LOCK_STRATEGY", "postgres",`,
      replace: `    lockStrategy: oneOf(env, "LOCK_STRATEGY", "in-process",`,
    },
  ],
  caughtBy: ["pause-a-lock-holder"],
} satisfies Defect;
