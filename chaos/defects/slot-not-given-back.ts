/** After a while the instance has no place left, and waits for itself with everything that it has claimed. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "slot-not-given-back",
  claim: "FR-3",
  what: "An attempt that does not end well keeps its slot.",
  edits: [
    {
      file: "runs/execute.ts",
      find: `  using _slot = await context.slots.take(signal);`,
      replace: `  const slot = await context.slots.take(signal);`,
    },
    {
      file: "runs/execute.ts",
      find: `  void effects.leave();
}`,
      replace: `  void effects.leave();
  slot[Symbol.dispose]();
}`,
    },
  ],
  caughtBy: ["partition-from-redis"],
} satisfies Defect;
