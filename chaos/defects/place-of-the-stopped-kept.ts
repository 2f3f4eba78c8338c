/** An instance that had to stop attempts has fewer places from then on, and claims as many runs as before: they lie. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "place-of-the-stopped-kept",
  claim: "FR-3",
  what: "An attempt that is stopped before its end does not give its place back.",
  edits: [
    {
      file: "runs/execute.ts",
      find: `  using _slot = await context.slots.take(signal);`,
      replace: `  const slot = await context.slots.take(signal);
  using _slot = { [Symbol.dispose]: () => signal.aborted || slot[Symbol.dispose]() };`,
    },
  ],
  caughtBy: ["partition-from-redis"],
} satisfies Defect;
