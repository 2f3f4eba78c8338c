/** A run that loses its lease again and again blocks a worker for ever, so that a lost lease counts like any other transient failure and the fourth ends the run. While Redis is away every run that takes longer than a lease loses one every four seconds: an outage of twenty seconds fails them all, though nothing is wrong with any of them. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "leases-lost-are-failures",
  claim: "LG-6",
  what: "A lease that was lost uses up one of the retries that a run has for transient errors, and the fourth ends it.",
  edits: [
    {
      file: "runs/execute.ts",
      find: "  const transient = isTransient(error) || error instanceof EffectsUnavailable;\n  if (error instanceof AttemptAborted) {",
      replace:
        '  const leaseLost = error instanceof AttemptAborted && error.reason === "lease lost";\n  const transient = isTransient(error) || error instanceof EffectsUnavailable || leaseLost;\n  if (error instanceof AttemptAborted && !leaseLost) {',
    },
  ],
  caughtBy: ["lose-redis-for-long"],
} satisfies Defect;
