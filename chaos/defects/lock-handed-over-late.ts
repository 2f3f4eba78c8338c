/** A lock that is free stays idle although others want it: to them it looks held. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "lock-handed-over-late",
  claim: "HS-6",
  what: "Whoever waits for a lock asks for it every four to six seconds.",
  edits: [{ file: "locks/lock.ts", find: `const pauseMs = 20 + Math.random() * 40;`, replace: `const pauseMs = 4000 + Math.random() * 2000;` }],
  caughtBy: ["pause-a-lock-holder"],
} satisfies Defect;
